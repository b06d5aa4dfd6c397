namespace ServiceCtl.Engine.Services.Keys;

/// <summary>How a service is asked to end.</summary>
public enum StopMode
{
    /// <summary>It may finish what it does.</summary>
    Passive,

    /// <summary>What it does is interrupted.</summary>
    Aggressive,
}
