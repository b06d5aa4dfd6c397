using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>How a service is asked to end (<c>service.stop</c>).</summary>
public sealed record StopRule
{
    public StopMode Mode { get; init; } = StopKeys.Mode.Usual;

    /// <summary>The signal that asks it to end, where its runner has no better way.</summary>
    public int Signal { get; init; } = StopKeys.Signal.Usual.Number;

    /// <summary>How long requests may take to finish before everything that is left is killed.</summary>
    public TimeSpan Timeout { get; init; } = StopKeys.Timeout.Usual;
}
