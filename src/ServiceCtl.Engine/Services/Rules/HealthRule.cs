using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>How a running service is asked whether it is well (<c>service.health</c>).</summary>
public sealed record HealthRule
{
    /// <summary>The path on its address, or the URL.</summary>
    public required string HttpPath { get; init; }

    /// <summary>How that is asked.</summary>
    public ProbeRule Probe { get; init; } = ProbeRule.Usual;

    public TimeSpan Interval { get; init; } = HealthKeys.Interval.Usual;

    public TimeSpan Timeout { get; init; } = HealthKeys.Timeout.Usual;

    /// <summary>So many bad answers in a row, and it is restarted.</summary>
    public int Failures { get; init; } = HealthKeys.Failures.Usual;
}
