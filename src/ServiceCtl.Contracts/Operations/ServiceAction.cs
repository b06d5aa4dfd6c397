namespace ServiceCtl.Contracts;

/// <summary>The orders a service takes.</summary>
public enum ServiceAction
{
    Start,
    Stop,

    /// <summary>A full restart: new process, new environment, new server configuration.</summary>
    Restart,

    /// <summary>The running server reloads its code; its own configuration is not read again.</summary>
    HotRestart,
}
