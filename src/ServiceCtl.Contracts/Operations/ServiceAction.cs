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

    /// <summary>
    /// Another release serves, and the link leads to it. Ordered by a <see cref="ReleaseSwitchRequest"/> alone, which says which.
    /// </summary>
    SwitchRelease,
}
