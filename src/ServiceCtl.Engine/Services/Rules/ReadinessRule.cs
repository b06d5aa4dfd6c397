using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>
/// When a launched service counts as ready (<c>service.ready</c>). What is set has to hold all together; a runner adds its own proof.
/// </summary>
public sealed record ReadinessRule
{
    /// <summary>The path on its address, or the URL, that must answer; null where nothing is asked.</summary>
    public string? HttpPath { get; init; }

    /// <summary>How that is asked.</summary>
    public ProbeRule Probe { get; init; } = ProbeRule.Usual;

    /// <summary>A regular expression that a line of its output must match.</summary>
    public string? LogPattern { get; init; }

    /// <summary>It says <c>READY=1</c> by systemd's notify protocol.</summary>
    public bool Notify { get; init; } = ReadinessKeys.Notify.Usual;

    /// <summary>How long it must have lived.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>
    /// Having lived so long it is ready whatever its page answers, and one that is not there (404) doesn't count before; null: the page has
    /// to answer.
    /// </summary>
    public TimeSpan? AtLatest { get; init; }

    /// <summary>A start that takes longer has failed.</summary>
    public TimeSpan Timeout { get; init; } = ReadinessKeys.Timeout.Usual;

    /// <summary>
    /// The same for what can't be asked: where nothing else is to show that it is ready, it has to have lived for a while.
    /// </summary>
    public ReadinessRule WithUsualDelay() => this is { LogPattern: null, Notify: false, Delay: null }
        ? this with { Delay = ReadinessKeys.UsualDelay } : this;
}
