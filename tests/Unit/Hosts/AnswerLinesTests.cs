using System.Text;
using ServiceCtl.Client.Api;

namespace ServiceCtl.Tests.Unit.Hosts;

public sealed class AnswerLinesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    public async Task How_an_answer_is_cut_into_pieces_makes_no_difference(int piece)
    {
        string[] lines = ["", "a", new string('b', 40_000), "", new string('c', 16_384), "last"];
        var answer = new AnswerLines(new Pieces(Encoding.UTF8.GetBytes(string.Join('\n', lines)), piece));

        var read = new List<string>();
        while (await answer.ReadAsync(CancellationToken.None) is { } line)
            read.Add(Encoding.UTF8.GetString(line.Span));

        Assert.Equal(lines, read);
    }

    [Fact]
    public async Task A_line_without_an_end_fills_no_memory()
    {
        var answer = new AnswerLines(new Pieces(new byte[40 << 20], 1 << 20));

        await Assert.ThrowsAsync<InvalidDataException>(async () => await answer.ReadAsync(CancellationToken.None));
    }

    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
