using CsCheck;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Reading;

namespace ServiceCtl.Tests.Unit.Logs;

public sealed class LogMergeTests
{
    [Fact]
    public async Task What_was_there_is_put_into_order_and_lines_without_a_time_stay_behind_theirs()
    {
        var merged = LogMerge.ByTimeAsync([Stream("a1", "a-", "a4"), Stream("b2", "b3", "b-"), Stream()], default);
        Assert.Equal("a1 a- b2 b3 b- a4", await TextAsync(merged));
    }

    [Fact]
    public Task Of_each_stream_the_lines_stay_in_their_order_whatever_times_they_have() =>
        Gen.Select(Gen.Int[-1, 9], Gen.Int[0, 99]).Array[0, 12].Array[1, 4].SampleAsync(
            async streams =>
            {
                string[][] texts =
                [
                    .. streams.Select(
                        (lines, stream) =>
                            lines.Select(line => $"{(char)('a' + stream)}{(line.Item1 < 0 ? "-" : line.Item1)}{line.Item2}").ToArray()),
                ];
                string[] merged = (await TextAsync(LogMerge.ByTimeAsync([.. texts.Select(Stream)], default))).Split(' ',
                    StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal(texts.Sum(lines => lines.Length), merged.Length);
                foreach (string[] lines in texts.Where(lines => lines.Length > 0))
                    Assert.Equal(lines, merged.Where(line => line[0] == lines[0][0]));
            },
            iter: 500);

    [Fact]
    public async Task A_line_that_tells_a_whole_second_comes_behind_what_was_captured_in_it_and_the_newest_one_when_its_file_was_written()
    {
        var second = new DateTimeOffset(2026, 11, 24, 10, 0, 5, TimeSpan.Zero);
        LogLine[] server = [At("s1", second.AddSeconds(-1)), At("s2", second), At("s3", second)];
        LogLine[] captured = [At("c1", second.AddSeconds(-0.9)), At("c2", second.AddSeconds(0.2)), At("c3", second.AddSeconds(0.7))];
        var sharpened = NewestLines.SharpenAsync(server.ToAsyncEnumerable(), () => second.AddSeconds(0.5), default);

        var merged = LogMerge.ByTimeAsync([captured.ToAsyncEnumerable<LogLine?>(), sharpened], default);

        Assert.Equal("c1 s1 c2 s2 s3 c3", await TextAsync(merged));

        static LogLine At(string text, DateTimeOffset time) => new() { Service = "web", Text = text, Time = time };
    }

    [Fact]
    public async Task The_mark_comes_once_after_everything_that_was_there_and_new_lines_are_not_held_up()
    {
        var merged = LogMerge.ByTimeAsync([Stream("a1", null, "a9"), Stream("b2")], default);
        Assert.Equal("a1 b2 | a9", await TextAsync(merged));
    }

    [Theory]
    [InlineData(0, "| a9")]
    [InlineData(1, "a2 | a9")]
    [InlineData(5, "a1 a2 | a9")]
    public async Task The_last_ones_are_counted_in_what_was_there(int count, string expected) =>
        Assert.Equal(expected, await TextAsync(Marked.LastAsync(Stream("a1", "a2", null, "a9"), count, default)));

    [Fact]
    public async Task A_reader_that_goes_away_ends_streams_that_wait()
    {
        var ended = new TaskCompletionSource();
        await foreach (var line in LogMerge.ByTimeAsync([Waiting(ended), Stream("a1")], default))
        {
            if (line is null)
                break;
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_one_stream_throws_is_thrown()
    {
        var merged = LogMerge.ByTimeAsync([Stream("a1", null), Failing()], default);
        await Assert.ThrowsAsync<IOException>(() => TextAsync(merged));
    }

    private static async Task<string> TextAsync(IAsyncEnumerable<LogLine?> lines) =>
        string.Join(' ', await lines.Select(line => line?.Text ?? "|").ToListAsync());

    /// <summary>The digit of a line is its time.</summary>
    private static IAsyncEnumerable<LogLine?> Stream(params string?[] lines) => lines.Select(text => text is null ? null : new LogLine
    {
        Service = text[..1],
        Text = text,
        Time = text[1] == '-' ? null : DateTimeOffset.UnixEpoch.AddSeconds(text[1] - '0'),
    }).ToAsyncEnumerable();

    private static async IAsyncEnumerable<LogLine?> Failing()
    {
        yield return null;
        await Task.Yield();
        throw new IOException("gone");
    }

    private static async IAsyncEnumerable<LogLine?> Waiting(
        TaskCompletionSource ended, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            yield return null;
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            ended.SetResult();
        }
    }
}
