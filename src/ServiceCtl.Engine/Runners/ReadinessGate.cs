using System.Globalization;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Runners;

/// <summary>The conditions of <c>service.ready</c> for one launch. All that are set have to hold; what is missing is said.</summary>
internal sealed class ReadinessGate : IDisposable
{
    /// <summary>How long one question may go without an answer.</summary>
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private readonly ReadinessRule _rule;
    private readonly TimeProvider _time;
    private readonly HttpProbe? _probe;
    private readonly OutputPattern? _pattern;
    private readonly NotifySocket? _notify;
    private long? _begin;

    /// <param name="rule">What the definition asks for.</param>
    /// <param name="probe">Reaches this launch and nobody else; null where nothing is to be asked.</param>
    /// <param name="notify">Where this launch says READY=1; null where it need not.</param>
    /// <param name="time">For the delay.</param>
    public ReadinessGate(ReadinessRule rule, HttpProbe? probe, NotifySocket? notify, TimeProvider time)
    {
        _rule = rule;
        _probe = probe;
        _notify = notify;
        _time = time;
        _pattern = rule.LogPattern is { } pattern ? new OutputPattern(pattern) : null;
    }

    /// <summary>The gate of a launch that is about to be spawned.</summary>
    /// <exception cref="Contracts.ServiceCtlException"><see cref="Contracts.ErrorCode.System"/>: the notify socket can't be
    /// made.</exception>
    public static ReadinessGate Open(LaunchRequest request, HttpProbe? probe, TimeProvider time) =>
        Open(request, request.Definition.Ready, probe, time);

    /// <inheritdoc cref="Open(LaunchRequest, HttpProbe?, TimeProvider)"/>
    public static ReadinessGate Open(LaunchRequest request, ReadinessRule rule, HttpProbe? probe, TimeProvider time) =>
        new(rule, probe, rule.Notify ? NotifySocket.Open(Path.Combine(request.RunFolder, "notify")) : null, time);

    /// <summary>The probe of a launch that listens where its definition says; null where nothing is to be asked.</summary>
    /// <param name="request">The launch.</param>
    /// <param name="main">The address that stands for the service; null where there is none.</param>
    public static HttpProbe? ProbeOf(LaunchRequest request, ServedAddress? main)
    {
        var definition = request.Definition;
        return Probes.Create(
            main is null ? null : ProbeSite.Of(main, definition, request.Connect), definition.Ready.HttpPath, definition.Ready.Probe,
            ProbeTimeout);
    }

    /// <summary>The gate of a launch that another agent prepared, and that was ready then: only what can be asked is asked.</summary>
    public static ReadinessGate Recognise(ServiceDefinition definition, HttpProbe? probe, TimeProvider time) =>
        new(definition.Ready with { LogPattern = null, Notify = false, Delay = null }, probe, notify: null, time);

    /// <summary>What the process has to find in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        _notify is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [NotifySocket.Variable] = _notify.Path };

    public void Observe(ReadOnlySpan<byte> output) => _pattern?.Take(output);

    public async Task<Readiness> CheckAsync(CancellationToken cancellation)
    {
        // It was spawned a moment before it is first asked for.
        _begin ??= _time.GetTimestamp();
        var missing = Missing().ToArray();
        return missing.Length > 0 ? Readiness.NotYet(string.Join(", and ", missing), RestOfDelay()) : await AskAsync(cancellation);
    }

    /// <summary>Only what can be asked again and again: the answer to the probe.</summary>
    public async Task<Readiness> AskAsync(CancellationToken cancellation)
    {
        if (_probe is null)
            return Readiness.Ready;
        var answer = await _probe.AskAsync(cancellation);
        return answer.Good || IsPageOptional(answer.Status) ? Readiness.Ready : Readiness.NotYet(answer.Words);
    }

    public void Dispose()
    {
        _probe?.Dispose();
        _notify?.Dispose();
    }

    private bool IsPageOptional(int? status) =>
        _rule.AtLatest is { } latest && (status == 404 || (_begin is { } begin && _time.GetElapsedTime(begin) >= latest));

    private TimeSpan? RestOfDelay() => _rule.Delay - _time.GetElapsedTime(_begin!.Value) is { } rest && rest > TimeSpan.Zero ? rest : null;

    private IEnumerable<string> Missing()
    {
        if (_rule.Delay is { } delay && _time.GetElapsedTime(_begin!.Value) is var lived && lived < delay)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"it has lived {lived.TotalSeconds:0.#} s of the {delay.TotalSeconds:0.#} s of service.ready.delay");
        if (_pattern is { IsMatched: false } pattern)
        {
            yield return pattern.IsTooSlow
                ? $"the pattern '{_rule.LogPattern}' of service.ready.log takes too long for a line of its output: write it without "
                    + "repetitions inside repetitions"
                : pattern.HasOutput
                ? $"no line of its output matches '{_rule.LogPattern}'"
                : $"nothing has been printed yet, and a line that matches '{_rule.LogPattern}' is awaited (a program that keeps its output "
                    + "in a buffer has to flush it)";
        }

        if (_notify is { IsReady: false } notify)
            yield return "it has not said READY=1 (service.ready.notify)"
                + (notify.Status is { } status ? $"; its status is '{status}'" : "");
    }
}
