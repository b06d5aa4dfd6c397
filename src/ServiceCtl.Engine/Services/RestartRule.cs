namespace ServiceCtl.Engine.Services;

/// <summary>What follows when a service ends without an order (<c>service.restart</c>).</summary>
public sealed record RestartRule
{
    public RestartWhen When { get; init; } = RestartWhen.Always;

    /// <summary>Wait before the first restart; each further one is <see cref="Factor"/> times as long, up to <see cref="MaxDelay"/>.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    public double Factor { get; init; } = 2;

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>So many ends within <see cref="GiveUpWindow"/>, and the service is left alone as failed.</summary>
    public int GiveUpAfter { get; init; } = 5;

    public TimeSpan GiveUpWindow { get; init; } = TimeSpan.FromMinutes(1);
}
