using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;

namespace ServiceCtl.Tests.Unit.Commands;

/// <summary>What the screens of <see cref="ScreensTests"/> show: a service that is well, and one that has failed.</summary>
internal static class ScreenSamples
{
    private const string Why = "billing-worker-eu-1 ended before it was ready (exit code 22, pid 4711).";

    public static readonly DateTimeOffset At = new(2024, 2, 3, 10, 20, 30, 450, TimeSpan.Zero);

    private static readonly string[] Traceback =
    [
        "Traceback (most recent call last):",
        "  File \"/srv/billing/app.py\", line 12, in <module>",
        "    raise RuntimeError(\"not today\")",
        "RuntimeError: not today",
    ];

    private static readonly ErrorReport NotReady = new()
    {
        Code = ErrorCode.ExitedEarly,
        Target = "billing-worker-eu-1",
        Message = Why,
        Advice = "The code can't be imported; the traceback says where.",
        LogLines = Traceback,
    };

    public static readonly PyServiceStatus Web = new()
    {
        Name = "web",
        State = ServiceState.Running,
        Pid = 4242,
        Generation = 3,
        StartedAt = At,
        Uptime = new TimeSpan(2, 2, 0, 5),
        Listen = "127.0.0.1:8001",
        Addresses = ["127.0.0.1:8001", "unix:/srv/web/web.sock"],
        Unreachable = ["unix:/srv/web/web.sock"],
        Conclusion = "running in PRODUCTION mode",
        Runner = "uwsgi",
        Path = "/srv/web",
        ConfigPath = "/srv/web/config.yaml",
        AtBoot = BootStart.Enabled,
        ConfigChange = "has changed since the start (local_port): a restart takes it",
        LogPath = "/srv/web/log/uwsgi.log",
        MemoryBytes = 46_661_632,
        ProcessorTime = TimeSpan.FromSeconds(12.3),
        ProcessorPercent = 1.5,
        ProcessCount = 3,
        Workers =
        [
            new WorkerStatus
            {
                Id = 1,
                Pid = 4243,
                Status = "idle",
                HasApp = true,
                Requests = 1200,
                Exceptions = 3,
                AverageResponseTime = TimeSpan.FromMilliseconds(12.3),
            },
            new WorkerStatus { Id = 2, Pid = 4244, Status = "busy", HasApp = true },
        ],
        Revision = new GitRevision
        {
            Commit = "0123456789abcdef",
            Branch = "main",
            Dirty = true,
            Subject = "Invoices of a month are made in one transaction, not in one for each customer",
        },
    };

    public static readonly PyServiceStatus Billing = new()
    {
        Name = "billing-worker-eu-1",
        State = ServiceState.Failed,
        Listen = "127.0.0.1:8002",
        Addresses = ["127.0.0.1:8002"],
        Runner = "uwsgi",
        Path = "/srv/billing",
        ConfigPath = "/srv/billing/config.yaml",
        Problem = Why + " /srv/billing/app.py, line 12: RuntimeError: not today",
    };

    private static readonly ConfigurationProblem WrongPort = new()
    {
        Source = "/srv/web/config.yaml",
        Line = 2,
        Column = 13,
        Key = "local_port",
        Message = "local_port is 70000; it must be a port, 1 to 65535.",
        Excerpt = "  2 | local_port: 70000\n    |             ^^^^^",
        Advice = "Ports below 1024 need root.",
    };

    public static readonly ServiceConfigCheck Wrong = new()
    {
        Service = "web",
        ConfigPath = "/srv/web/config.yaml",
        IsValid = false,
        Problems = [WrongPort],
        Warnings =
        [
            new()
            {
                Source = "/srv/web/config.yaml",
                Line = 7,
                Column = 3,
                Key = "uwsgi.procesess",
                Message = "uWSGI has no option 'procesess'.",
                Advice = "Did you mean 'processes'?",
            },
        ],
    };

    public static readonly ServiceSetting[] Settings =
    [
        new()
        {
            Key = "local_port",
            Text = "8001",
            Source = "/srv/web/config.yaml",
            Place = "/srv/web/config.yaml:3:13",
            Overridden = [new() { Key = "local_port", Text = "8000", Source = "/etc/web/base.yaml", Place = "/etc/web/base.yaml:2:13" }],
        },
        new() { Key = "service.stop.timeout", Text = "5s", Source = "default", Place = "default", IsDefault = true },
        new()
        {
            Key = "env_vars",
            Text = "[SERVICE_NAME, PROMETHEUS_MULTIPROC_DIR, JSON_AS_ASCII, LOG_LEVEL]",
            Source = "/srv/web/config.yaml",
            Place = "/srv/web/config.yaml:20:11",
        },
    ];

    public static readonly RelogGroup Invoice = new()
    {
        Service = "billing-worker-eu-1",
        Type = "ValueError",
        Place = "/srv/billing/app.py:12",
        Count = 120,
        New = 3,
        LastSeen = At,
        Message = "no such invoice",
        Traceback = "",
        Request = "GET /invoices/17",
    };

    public static readonly RelogReport Sorted = new()
    {
        Service = "billing-worker-eu-1",
        Folder = "/srv/billing/log/relog",
        LinesProcessed = 120_000,
        LinesIgnored = 118_000,
        LinesWritten = 2_000,
        Exceptions = 120,
        Incidents = 2,
        InternalErrors = 7,
        Uncertain = 1,
        FilesProcessed = 4,
        FilesDeleted = ["/srv/billing/log/uwsgi.log.1700000000"],
        BytesRead = 14_200_000,
        Duration = TimeSpan.FromSeconds(0.02),
        Groups = [Invoice],
    };

    public static readonly ServiceEvent[] Events =
    [
        new()
        {
            Sequence = 6,
            Time = At,
            Service = "web",
            Kind = ServiceEventKind.ConfigRefused,
            Message = "The configuration of web is wrong.",
        },
        new()
        {
            Sequence = 7,
            Time = At,
            Service = "billing-worker-eu-1",
            Kind = ServiceEventKind.Refused,
            Message = Why,
            Error = NotReady,
        },
    ];

    public static readonly LogLine[] Log =
    [
        new()
        {
            Service = "web",
            Time = At,
            Text = "[pid: 4243|app: 0|req: 1/1] 127.0.0.1 () {28 vars in 300 bytes} GET /ping => generated 14 bytes in 2 msecs",
        },
        new() { Service = "billing-worker-eu-1", Text = "ValueError: no such invoice\u001b[31m" },
    ];

    public static readonly HostCheck[] Host =
    [
        new() { Name = "python", Outcome = HostCheckOutcome.Passed, Message = "Python 3.13.5" },
        new()
        {
            Name = "uwsgi",
            Outcome = HostCheckOutcome.Failed,
            Message = "uWSGI is not installed.",
            Advice = "Install the packages uwsgi-core and uwsgi-plugin-python3.",
        },
    ];

    public static readonly AgentInfo Agent = new()
    {
        Pid = 17,
        Version = "0.2.0",
        StartedAt = At,
        Socket = "/run/servicectl/agent.sock",
        LogPath = "/var/lib/servicectl/agent.log",
        User = "root",
        Services = 5,
        Running = 2,
    };

    public static PyService ServiceOf(PyServiceStatus status) => new()
    {
        Name = status.Name,
        State = status.State,
        Runner = status.Runner,
        Path = status.Path,
        ConfigPath = status.ConfigPath,
        AtBoot = status.AtBoot,
    };

    public static IEnumerable<MessageLine> Failure()
    {
        var result = new OperationResult
        {
            Service = "billing-worker-eu-1",
            Action = ServiceAction.Start,
            Outcome = OperationOutcome.Failed,
            Message = Why,
            Warnings = ["The plugin 'http' was loaded, since /srv/billing/config.yaml:9:3 needs it."],
            Duration = TimeSpan.FromSeconds(0.4),
            Error = NotReady with { Problems = [WrongPort] },
        };
        return [.. OperationText.Of(result), OperationText.Closing(result)];
    }
}
