namespace ServiceCtl.Engine.Services;

/// <summary>When a launched service counts as ready (<c>service.ready</c>).</summary>
public sealed record ReadinessRule
{
    public const string DefaultHttpPath = "/ping";

    /// <summary>The path that must answer with a status below 400.</summary>
    public string HttpPath { get; init; } = DefaultHttpPath;

    /// <summary>A start that takes longer has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
