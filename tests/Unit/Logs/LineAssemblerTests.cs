using System.Text;
using CsCheck;
using ServiceCtl.Engine.Logs.Reading;

namespace ServiceCtl.Tests.Unit.Logs;

public sealed class LineAssemblerTests
{
    [Fact]
    public void Lines_do_not_depend_on_how_the_bytes_were_cut_into_pieces()
    {
        Gen.Select(Gen.Byte[0, 200].Select(b => b % 5 == 0 ? (byte)'\n' : (byte)(b / 2 + 11)).Array[0, 200], Gen.Int[1, 20])
            .Sample((bytes, size) =>
        {
            LineAssembler lines = new();
            foreach (byte[] piece in bytes.Chunk(size))
                lines.Append(piece, _ => default);
            if (lines.IsInLine)
                lines.End();

            string whole = Encoding.UTF8.GetString(bytes);
            string[] expected = whole.Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line).ToArray();
            return Take(lines).SequenceEqual(bytes.Length == 0 || whole.EndsWith('\n') ? expected[..^1] : expected);
        });
    }

    [Fact]
    public void A_long_line_is_cut_and_says_how_much_is_missing()
    {
        LineAssembler lines = new();
        byte[] piece = new byte[50_000];
        piece.AsSpan().Fill((byte)'x');
        for (int i = 0; i < 10; i++)
            lines.Append(piece, _ => default);
        lines.Append("\nnext\n"u8, _ => default);
        Assert.Equal([new string('x', 65536) + " [... 434464 more bytes]", "next"], Take(lines));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_survive_as_replacement_characters()
    {
        LineAssembler lines = new();
        lines.Append([(byte)'a', 0xFF, (byte)'b', (byte)'\n'], _ => default);
        Assert.Equal(["a\uFFFDb"], Take(lines));
    }

    [Fact]
    public void The_rest_of_an_unwanted_line_is_skipped()
    {
        LineAssembler lines = new();
        lines.SkipLine();
        lines.Append("rest"u8, _ => default);
        lines.Append(" of it\nwanted\n"u8, _ => default);
        Assert.Equal(["wanted"], Take(lines));
    }

    private static List<string> Take(LineAssembler lines)
    {
        List<string> texts = [];
        while (lines.TryTake(out string text, out _))
            texts.Add(text);
        return texts;
    }
}
