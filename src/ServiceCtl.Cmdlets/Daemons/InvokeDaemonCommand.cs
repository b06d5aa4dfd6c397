using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsLifecycle.Invoke, "Daemon")]
[OutputType(typeof(PSObject))]
public sealed class InvokeDaemonCommand : PSCmdlet
{
    private DaemonRun? _run;

    /// <summary>The daemon's name: in its log, in syslog.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The work. Gets the daemon as its argument, and ends when <c>$daemon.Interrupted</c> becomes true.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Passive: the work is notified by <c>$daemon.Interrupted</c>. Aggressive: it is broken off.</summary>
    [Parameter]
    public DaemonInterruptMode InterruptMode { get; set; }

    /// <summary>Less important lines are not written.</summary>
    [Parameter]
    public DaemonLogLevel LogLevel { get; set; } = DaemonLogLevel.Debug;

    /// <summary>Folder of the log file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string LogPath { get; set; } = "/var/log";

    /// <summary>Name of the log file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string LogName { get; set; } = "simple_daemon.log";

    /// <summary>A line, in the words of Python's logging.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogFormat { get; set; }

    /// <summary>Bytes; a file that would become longer is rotated first. 0: never.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long MaxLogSize { get; set; } = 1024 * 1024;

    /// <summary>Rotated files that are kept. 0: the file is never rotated.</summary>
    [Parameter]
    [ValidateRange(0, 10_000)]
    public int MaxLogFiles { get; set; } = 2;

    /// <summary>Lines go to standard output as well.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>Lines go to syslog as well.</summary>
    [Parameter]
    public SwitchParameter Syslog { get; set; }

    /// <summary>How lines are written for syslog.</summary>
    [Parameter]
    public SyslogFormat SyslogFormat { get; set; }

    /// <summary>Syslog's datagram socket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string SyslogSocket { get; set; } = "/dev/log";

    protected override void BeginProcessing() => LinuxOnly.Require(this);

    protected override void ProcessRecord()
    {
        _run = new DaemonRun(this);
        _run.Work();
    }

    /// <summary>The pipeline is stopped by other means than a signal: by its host.</summary>
    protected override void StopProcessing() => _run?.Stop();
}
