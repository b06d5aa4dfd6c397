using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Asks a serving generation, as often as its definition says, whether it is well.</summary>
internal sealed class LivenessWatch
{
    private readonly TimeProvider _time;
    private readonly Generation _generation;
    private readonly HealthRule _rule;

    public LivenessWatch(TimeProvider time, Generation generation, HealthRule rule)
    {
        _time = time;
        _generation = generation;
        _rule = rule;
    }

    /// <summary>Runs until the generation is no longer watched, or tells once that it has failed so many probes in a row.</summary>
    public async Task RunAsync(Action<string> report, CancellationToken cancellation)
    {
        using var probe = Probes.Create(_generation.Site, _rule.HttpPath, _rule.Probe, _rule.Timeout);
        if (probe is null)
            return;

        var failed = 0;
        while (failed < _rule.Failures)
        {
            await Task.Delay(_rule.Interval, _time, cancellation);
            var asked = _time.GetLocalNow();
            var begin = _time.GetTimestamp();
            var answer = await probe.AskAsync(cancellation);
            failed = answer.Good ? 0 : failed + 1;
            _generation.Health = new HealthReport
            {
                At = asked,
                Good = answer.Good,
                Status = answer.Status,
                Words = answer.Words,
                Latency = _time.GetElapsedTime(begin),
                Failures = failed,
            };
            if (failed == _rule.Failures)
                report($"{answer.Words}, {failed} times in a row");
        }
    }
}
