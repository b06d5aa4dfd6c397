using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Decides what follows an end that nobody ordered: when to start again, or that it is enough. Measures by the monotonic clock: a wall
/// clock that is set must neither make a service be given up nor keep it from it.
/// </summary>
internal sealed class RestartPolicy
{
    private readonly TimeProvider _time;
    private readonly List<long> _ends = [];
    private int _inARow;

    public RestartPolicy(TimeProvider time)
    {
        _time = time;
    }

    /// <summary>Starts in a row.</summary>
    public int InARow => _inARow;

    /// <summary>Has it counted an end?</summary>
    public bool HasTried => _ends.Count > 0;

    /// <summary>Forgets what was; after an order the service begins again.</summary>
    public void Reset()
    {
        _ends.Clear();
        _inARow = 0;
    }

    /// <summary>The wait before the next start; null to leave it.</summary>
    /// <param name="rule">The service's own.</param>
    /// <param name="failed">Did it fail? Not if it ended by itself with exit code 0.</param>
    /// <param name="upFor">How long it had been serving. Whoever lasted longer than the longest wait begins the waits again.</param>
    public TimeSpan? Next(RestartRule rule, bool failed, TimeSpan upFor)
    {
        if (rule.When == RestartWhen.Never || (rule.When == RestartWhen.OnFailure && !failed))
            return null;

        _ends.RemoveAll(end => _time.GetElapsedTime(end) > rule.GiveUpWindow);
        _ends.Add(_time.GetTimestamp());
        if (_ends.Count >= rule.GiveUpAfter)
            return null;

        if (upFor > rule.MaxDelay)
            _inARow = 0;
        var delay = rule.Delay.TotalSeconds * Math.Pow(rule.Factor, _inARow++);
        return delay < rule.MaxDelay.TotalSeconds ? TimeSpan.FromSeconds(delay) : rule.MaxDelay;
    }

    /// <summary>Is the service over by itself, as its rule lets it be, and nothing has failed?</summary>
    public static bool IsFinished(RestartRule rule, ExitReport end) => end.Code == 0 && rule.When is not RestartWhen.Always;

    /// <summary>The rule's word, as the configuration writes it.</summary>
    public static string Describe(RestartRule rule) =>
        $"service.restart.when is {(rule.When == RestartWhen.OnFailure ? "on-failure" : rule.When.ToString().ToLowerInvariant())}";

    /// <summary>Why nothing follows, for the status.</summary>
    public string Explain(RestartRule rule) => rule.When == RestartWhen.Never || _ends.Count < rule.GiveUpAfter
        ? $"{Describe(rule)}, so it is left alone"
        : $"it ended, or could not be started, {_ends.Count} times within {rule.GiveUpWindow.TotalSeconds:0.#} s, so it is left alone";
}
