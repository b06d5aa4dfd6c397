using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>How a rule starts a service again: what is not given is as <c>service.restart</c> says.</summary>
public sealed record FailureRetry
{
    /// <summary>Wait before the first start.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Each further wait is so many times the one before.</summary>
    public double? Factor { get; init; }

    public TimeSpan? MaxDelay { get; init; }

    /// <summary>Up to so many percent longer or shorter, so that many don't come at once.</summary>
    public double JitterPercent { get; init; }

    /// <summary>So many failures by this rule within this time, and the service is given up.</summary>
    public Rate? GiveUp { get; init; }

    /// <summary>The name of the rule that says what is done then; null: the first one that matches <c>event: given_up</c>.</summary>
    public string? Then { get; init; }
}
