namespace ServiceCtl.Contracts;

/// <summary>How important a line of a daemon's log is, with the numbers of Python's logging.</summary>
public enum DaemonLogLevel
{
    Debug = 10,
    Info = 20,
    Warning = 30,
    Error = 40,
    Critical = 50,
}
