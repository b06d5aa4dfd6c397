namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A place where failures are written down.</summary>
public enum FailureSink
{
    /// <summary>The event journal, which alerts, the status and <c>servicectl failures</c> read.</summary>
    Journal,

    /// <summary>The host's syslog.</summary>
    Syslog,

    /// <summary><c>failures.log</c> beside the service's log, a line of JSON for each.</summary>
    File,
}
