using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Which exceptions of a service are worth an event: the first one of a type and place, then the 10th, the 100th, the 1000th, …, and one
/// that comes again after an hour. Of a storm of different ones, ten a minute are reported one by one. Measures by the monotonic clock: a
/// wall clock that was set back would silence it for as long.
/// </summary>
internal sealed class ExceptionEvents(string service, TimeProvider time, Action<ServiceEvent> publish)
{
    private const int MostPerMinute = 10;

    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Reported> _reported = [];
    private long? _windowBegan;
    private int _toldInWindow;

    /// <summary>What is there already is known, and not told.</summary>
    public void Know(IEnumerable<ExceptionGroup> groups)
    {
        foreach (var group in groups)
            _reported[group.Key] = new Reported(group.Total, group.Total, time.GetTimestamp());
    }

    public void Look(IEnumerable<ExceptionGroup> groups, Func<string, string> mask)
    {
        foreach (var group in groups)
        {
            var told = _reported.GetValueOrDefault(group.Key);
            if (told is not null && group.Total < told.Seen)
                told = null; // the results were emptied
            if (group.Total == told?.Seen)
                continue;

            var isDue = told is null || group.Total >= told.Count * 10 || time.GetElapsedTime(told.At) >= Forgotten;
            _reported[group.Key] = isDue ? new Reported(group.Total, group.Total, time.GetTimestamp()) : told! with { Seen = group.Total };
            if (isDue)
                Report(group, mask);
        }
    }

    private void Report(ExceptionGroup group, Func<string, string> mask)
    {
        if (_windowBegan is not { } began || time.GetElapsedTime(began) >= Window)
            (_windowBegan, _toldInWindow) = (time.GetTimestamp(), 0);
        if (++_toldInWindow > MostPerMinute + 1)
            return;

        publish(new ServiceEvent
        {
            Time = time.GetLocalNow(),
            Service = service,
            Kind = group.IsIncident ? ServiceEventKind.Incident : ServiceEventKind.Exception,
            Message = _toldInWindow > MostPerMinute
                ? $"More kinds of exceptions within a minute than are reported one by one; relog lists all of them."
                : Describe(group.ToContract(service, mask)),
        });
    }

    private static string Describe(RelogGroup group)
    {
        var place = group.Place is null ? "" : $" at {group.Place}";
        var message = group.Message.Length == 0 ? "" : $": {group.Message}";
        var request = group.Request is null ? "" : $"{group.Request}; ";
        return $"{group.Type}{place}{message} ({request}{group.Count} so far)";
    }

    /// <param name="Count">When it was reported last.</param>
    /// <param name="Seen">When it was last looked at.</param>
    /// <param name="At">Of the last telling.</param>
    private sealed record Reported(long Count, long Seen, long At);
}
