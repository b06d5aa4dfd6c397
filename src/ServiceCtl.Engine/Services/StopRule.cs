namespace ServiceCtl.Engine.Services;

/// <summary>How a service is asked to end (<c>service.stop</c>).</summary>
public sealed record StopRule
{
    public StopMode Mode { get; init; } = StopMode.Passive;

    /// <summary>The signal that asks it to end, where its runner has no better way.</summary>
    public int Signal { get; init; } = 15;

    /// <summary>How long requests may take to finish before everything that is left is killed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
