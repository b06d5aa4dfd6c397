using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>
/// Works on streams of lines that may have one null: what comes before it was there, what comes after it is new. What was there is put
/// into the order of its times; what is new is passed on as it comes.
/// </summary>
internal static class LogMerge
{
    /// <summary>Lines. A reader that does not keep up makes the files wait, not the memory grow.</summary>
    private const int Waiting = 1000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async IAsyncEnumerable<LogLine?> ByTimeAsync(
        IReadOnlyList<IAsyncEnumerable<LogLine?>> streams, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lines = streams.Select(stream => stream.GetAsyncEnumerator(end.Token)).ToArray();
        try
        {
            var live = new List<IAsyncEnumerator<LogLine?>>();
            var heads = new PriorityQueue<IAsyncEnumerator<LogLine?>, (DateTimeOffset Time, int Order)>();
            for (var order = 0; order < lines.Length; order++)
                await AdvanceAsync(lines[order], DateTimeOffset.MinValue, order);
            while (heads.TryDequeue(out var first, out var at))
            {
                yield return first.Current;
                await AdvanceAsync(first, at.Time, at.Order);
            }

            if (live.Count == 0)
                yield break;
            yield return null;
            await foreach (var line in FollowAsync(live, end))
                yield return line;

            // A line without a time belongs to the one before it.
            async ValueTask AdvanceAsync(IAsyncEnumerator<LogLine?> stream, DateTimeOffset last, int order)
            {
                if (!await stream.MoveNextAsync())
                    return;
                if (stream.Current is { } line)
                    heads.Enqueue(stream, (line.Time is { } time ? PlaceOf(time) : last, order));
                else
                    live.Add(stream);
            }
        }
        finally
        {
            foreach (var stream in lines)
                await stream.DisposeAsync();
        }
    }

    /// <summary>
    /// A line whose time is a whole second was written somewhere in it. It has the second's end, so that what is asked for last is not
    /// missed.
    /// </summary>
    private static DateTimeOffset PlaceOf(DateTimeOffset time) =>
        time.Ticks % Second.Ticks == 0 ? time + Second - TimeSpan.FromTicks(1) : time;

    /// <param name="streams">They were begun with the token of <paramref name="end"/>.</param>
    /// <param name="end">Is cancelled before this ends: a stream can't be disposed of while it is being asked for its next line.</param>
    private static async IAsyncEnumerable<LogLine?> FollowAsync(
        IReadOnlyList<IAsyncEnumerator<LogLine?>> streams, CancellationTokenSource end)
    {
        var channel = Channel.CreateBounded<LogLine?>(Waiting);
        var pumps = Task.WhenAll(streams.Select(PumpAsync));
        _ = pumps.ContinueWith(done => channel.Writer.TryComplete(done.Exception?.InnerException), CancellationToken.None,
            TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var line in channel.Reader.ReadAllAsync(end.Token))
                yield return line;
        }
        finally
        {
            await end.CancelAsync();
            await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task PumpAsync(IAsyncEnumerator<LogLine?> stream)
        {
            while (await stream.MoveNextAsync())
                await channel.Writer.WriteAsync(stream.Current, end.Token);
        }
    }
}
