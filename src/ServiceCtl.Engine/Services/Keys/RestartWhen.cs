namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Which ends of a process are followed by a new start.</summary>
public enum RestartWhen
{
    /// <summary>Every end that nobody asked for.</summary>
    Always,

    /// <summary>An exit code other than 0, or a signal.</summary>
    OnFailure,

    Never,
}
