using System.Runtime.CompilerServices;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>
/// A server's own log tells whole seconds, but the file was written when its last line was: the lines of its last second have that time. So
/// what was captured later in the same second comes behind them (who merges logs by time has them at the end of their second otherwise).
/// </summary>
internal static class NewestLines
{
    /// <summary>Of more lines of one second, the last ones.</summary>
    private const int Most = 1000;

    /// <param name="lines">In the file's order.</param>
    /// <param name="written">When the file was last written; asked when its end has been read.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async IAsyncEnumerable<LogLine> SharpenAsync(
        IAsyncEnumerable<LogLine> lines, Func<DateTimeOffset> written, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = new Queue<LogLine>();
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            while (last.TryPeek(out var former) && (former.Time != line.Time || last.Count == Most))
                yield return last.Dequeue();
            last.Enqueue(line);
        }

        var end = written();
        while (last.TryDequeue(out var line))
            yield return IsWithin(line.Time, end) ? line with { Time = end.ToOffset(line.Time!.Value.Offset) } : line;
    }

    /// <summary>Is a moment within the whole second that a line tells?</summary>
    private static bool IsWithin(DateTimeOffset? second, DateTimeOffset moment) =>
        second is { } begin && begin.Ticks % TimeSpan.TicksPerSecond == 0 && moment >= begin && moment - begin < TimeSpan.FromSeconds(1);
}
