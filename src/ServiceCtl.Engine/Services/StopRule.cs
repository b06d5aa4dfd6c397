namespace ServiceCtl.Engine.Services;

/// <summary>How a service is told to end (<c>service.stop</c>).</summary>
public sealed record StopRule
{
    /// <summary>How long requests may take to finish before the process group is killed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
