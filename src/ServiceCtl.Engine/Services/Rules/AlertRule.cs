namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Who hears of a service (<c>alerts</c>).</summary>
public sealed record AlertRule
{
    /// <summary>How alerts name this host; null for its own name.</summary>
    public string? MachineName { get; init; }

    /// <summary>Each once, whatever it hears.</summary>
    public IReadOnlyList<AlertDestination> Destinations { get; init; } = [];
}
