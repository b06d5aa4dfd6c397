using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>What follows when a service ends without an order (<c>service.restart</c>).</summary>
public sealed record RestartRule
{
    public RestartWhen When { get; init; } = RestartKeys.When.Usual;

    /// <summary>
    /// Wait before the first restart; each further one is <see cref="Factor"/> times as long, up to <see cref="MaxDelay"/>.
    /// </summary>
    public TimeSpan Delay { get; init; } = RestartKeys.Delay.Usual;

    public double Factor { get; init; } = RestartKeys.Factor.Usual;

    public TimeSpan MaxDelay { get; init; } = RestartKeys.MaxDelay.Usual;

    /// <summary>So many ends within <see cref="GiveUpWindow"/>, and the service is left alone as failed.</summary>
    public int GiveUpAfter { get; init; } = RestartKeys.GiveUp.Usual.Count;

    public TimeSpan GiveUpWindow { get; init; } = RestartKeys.GiveUp.Usual.Window;
}
