using System.Collections.Concurrent;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// How busy services are: the processor time they have used since they were last asked about, at least a second ago; else since their
/// launch.
/// </summary>
internal sealed class ProcessorLoad
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Sample> _samples = new();
    private readonly TimeProvider _time;

    public ProcessorLoad(TimeProvider time)
    {
        _time = time;
    }

    /// <returns>Percent of one core; null for a generation that has only just begun.</returns>
    public double? Measure(string service, int generation, TimeSpan used, TimeSpan uptime)
    {
        var now = _time.GetTimestamp();
        if (_samples.GetValueOrDefault(service) is { } last && last.Generation == generation
            && _time.GetElapsedTime(last.At, now) is var elapsed
            && elapsed >= Shortest && elapsed <= Longest && used >= last.Used)
        {
            _samples[service] = new Sample(generation, now, used);
            return Percent(used - last.Used, elapsed);
        }

        if (_samples.GetValueOrDefault(service) is not { } young || young.Generation != generation
            || _time.GetElapsedTime(young.At, now) >= Shortest)
            _samples[service] = new Sample(generation, now, used);
        return uptime > Shortest ? Percent(used, uptime) : null;
    }

    private static double Percent(TimeSpan used, TimeSpan elapsed) => Math.Round(100 * used / elapsed, 1);

    private sealed record Sample(int Generation, long At, TimeSpan Used);
}
