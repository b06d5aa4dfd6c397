using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Daemons;

/// <summary>What can be said of a daemon; the defaults are those of Simple Daemon for Python.</summary>
public sealed record SimpleDaemonOptions
{
    /// <summary>What SIGINT and SIGTERM do (<c>interrupt_mode</c>).</summary>
    public DaemonInterruptMode InterruptMode { get; init; } = DaemonInterruptMode.Passive;

    /// <summary>Less important lines are not written (<c>log_lvl</c>).</summary>
    public DaemonLogLevel LogLevel { get; init; } = DaemonLogLevel.Debug;

    /// <summary>Folder of the log file (<c>log_path</c>).</summary>
    public string LogPath { get; init; } = "/var/log/";

    /// <summary>Name of the log file (<c>log_name</c>). Several daemons may write into one.</summary>
    public string LogName { get; init; } = "simple_daemon.log";

    /// <summary>
    /// A line, in the words of Python's logging (<c>log_format</c>): <c>%(asctime)s</c>, <c>created</c>, <c>levelname</c>, <c>levelno</c>,
    /// <c>message</c>,
    /// <c>msecs</c>, <c>name</c>, <c>process</c>, <c>thread</c>, <c>threadName</c>.
    /// </summary>
    public string LogFormat { get; init; } = "%(asctime)s - %(name)s - %(levelname)s - %(message)s";

    /// <summary>Lines go to standard output as well (<c>stream</c>).</summary>
    public bool Stream { get; init; }

    /// <summary>Lines go to syslog as well (<c>syslog</c>).</summary>
    public bool Syslog { get; init; }

    public SyslogFormat SyslogFormat { get; init; } = SyslogFormat.Rfc3164;

    /// <summary>Syslog's datagram socket.</summary>
    public string SyslogSocket { get; init; } = "/dev/log";

    /// <summary>Bytes; a file that a line would make longer is rotated first (<c>max_size_byte_log</c>). 0: never.</summary>
    public long MaxLogSize { get; init; } = 1024 * 1024;

    /// <summary>Rotated files that are kept (<c>max_count_file_rotation</c>). 0: the file is never rotated, as in Python.</summary>
    public int MaxLogFiles { get; init; } = 2;

    /// <summary>
    /// How long, in the aggressive mode, work that looks neither at <see cref="SimpleDaemon.Interrupted"/> nor at a token may go on before
    /// the process ends. Python breaks into any code; .NET can't.
    /// </summary>
    public TimeSpan AggressiveLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The signals are the daemon's alone: handlers that were there before, as PowerShell's, which stops the pipeline at SIGINT, don't hear
    /// of them while it lives.
    /// </summary>
    public bool OwnsSignals { get; init; }
}
