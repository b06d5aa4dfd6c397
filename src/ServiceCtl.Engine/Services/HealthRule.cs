namespace ServiceCtl.Engine.Services;

/// <summary>How a running service is asked whether it is well (<c>service.health</c>).</summary>
public sealed record HealthRule
{
    public required string HttpPath { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>So many bad answers in a row, and it is restarted.</summary>
    public int Failures { get; init; } = 3;
}
