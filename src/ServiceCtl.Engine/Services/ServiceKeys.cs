using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services;

/// <summary>The keys of the <c>service:</c> section: what the predecessor's keys can't say.</summary>
public static class ServiceKeys
{
    public static SchemaKey<string> Runner { get; } = new(
        "service.runner", ConfigTypes.Choice("uwsgi", "gunicorn", "uvicorn", "uv", "python", "command", "container"),
        "How the service is launched.")
    {
        UnavailableValues = ["container"],
        IsEssential = true,
        Example = "uvicorn",
        DefaultNote = "`uwsgi` where there is a `uwsgi:` section",
    };

    public static SchemaKey<string> App { get; } = new(
        "service.app", ConfigTypes.Text,
        "The application object as `module:callable`, for the runners that import it.")
    {
        IsEssential = true,
        Example = "app:app",
    };

    public static SchemaKey<IReadOnlyList<string>> Command { get; } = new(
        "service.command", ConfigTypes.Command,
        "Program and arguments; for `python` and `uv` the script and its arguments, for `gunicorn` and `uvicorn` options beside `service.app`. "
        + "No shell reads it; `{fd}`, `{address}`, `{host}` and `{port}` stand for the listening socket's number and for where it listens, "
        + "`{fd2}`, `{address2}`, … for those of the second address.")
    {
        Example = "[python3, main.py]",
    };

    public static SchemaKey<IReadOnlyList<EndpointAddress>> Listen { get; } = new(
        "service.listen", ConfigTypes.ListenAddresses,
        "Where the service listens: TCP or a Unix socket, or several of them as a list, the first of which is asked by probes (uvicorn takes one). A Unix socket that the agent opens is made as `service.user`, with the mode that the server would give it: "
        + "0777 less its `umask` for gunicorn, 0666 for uvicorn, `chmod-socket` and `chown-socket` for uWSGI, else 0777 less `service.umask`. "
        + "`{unix: /path, mode: \"0660\", owner: app, group: www-data}` says it otherwise; what is left out stays as usual.")
    {
        IsEssential = true,
        DefaultNote = "`local_ip`:`local_port`; for gunicorn what its configuration file says in `bind`",
        Example = "127.0.0.1:8001",
    };

    public static SchemaKey<SocketMode> Socket { get; } = new(
        "service.socket", ConfigTypes.Choice<SocketMode>(),
        "Who opens the listening socket: `pass`, the agent, which passes it on as descriptor 3 (several from there on) with LISTEN_FDS; `own`, the program itself, so that its generations run one after the other.")
    {
        DefaultNote = "`pass` for `gunicorn`, `uvicorn`, and a command that names `{fd}`; `own` for other commands",
        Example = "pass",
    };

    public static SchemaKey<int> Instances { get; } = new(
        "service.instances", ConfigTypes.Integer(1, 1000),
        "Processes, for runners that have no workers of their own; gunicorn's workers.")
    {
        Default = "1",
    };

    public static SchemaKey<string> User { get; } = new(
        "service.user", ConfigTypes.Text,
        "The user the service runs as, by name or number; another than the agent's own needs root. It must be able to enter the service's folder.")
    {
        DefaultNote = "the agent's user",
        Example = "www-data",
    };

    public static SchemaKey<int> Umask { get; } = new(
        "service.umask", ConfigTypes.FileMask,
        "What the service's new files are not allowed, in octal.")
    {
        DefaultNote = "`0022`, whatever the session had that started the agent",
        Example = "'0027'",
    };

    public static SchemaKey<IReadOnlyDictionary<string, string>> Environment { get; } = new(
        "service.environment", ConfigTypes.TextMap,
        "Variables for the service's environment, over the few that every service gets: PATH (the standard folders, then `~/.local/bin`), HOME, USER, LOGNAME, SHELL, LANG (`C.UTF-8`) and the agent's TZ.")
    {
        Default = "{}",
        Example = "{TZ: UTC}",
    };

    public static SchemaKey<string> ReadyHttp => ProbeKeys.Ready.Http;

    public static SchemaKey<Regex> ReadyLog { get; } = new(
        "service.ready.log", ConfigTypes.Pattern,
        "Ready when a line of its output matches.")
    {
        Example = "'Listening at'",
    };

    public static SchemaKey<bool> ReadyNotify { get; } = new(
        "service.ready.notify", ConfigTypes.Boolean,
        "Ready when it says so through systemd's notify protocol.")
    {
        Default = "false",
    };

    public static SchemaKey<TimeSpan> ReadyDelay { get; } = new(
        "service.ready.delay", ConfigTypes.Duration,
        "Ready when it has lived this long, for services that can't be asked. One that ends before has failed to start; with exit code 0 and another `restart.when` than `always` it has done its work.")
    {
        Unit = "seconds",
        DefaultNote = "`1s` where the service has no address and nothing else shows that it is ready",
        Example = "1s",
    };

    public static SchemaKey<TimeSpan> ReadyAtLatest { get; } = new(
        "service.ready.at_latest", ConfigTypes.Duration,
        "Ready when it has lived this long, whatever its page answers; a missing page (404) doesn't keep it from becoming ready. For programs that may have none.")
    {
        Unit = "seconds",
        Example = "5s",
    };

    public static SchemaKey<TimeSpan> ReadyTimeout { get; } = new(
        "service.ready.timeout", ConfigTypes.Duration,
        "A start that takes longer has failed.")
    {
        Unit = "seconds",
        Default = "30s",
    };

    public static SchemaKey<string> HealthHttp => ProbeKeys.Health.Http;

    public static SchemaKey<TimeSpan> HealthInterval { get; } = new(
        "service.health.interval", ConfigTypes.Duration,
        "Time between two probes.")
    {
        Unit = "seconds",
        Default = "10s",
    };

    public static SchemaKey<TimeSpan> HealthTimeout { get; } = new(
        "service.health.timeout", ConfigTypes.Duration,
        "A probe that takes longer has failed.")
    {
        Unit = "seconds",
        Default = "3s",
    };

    public static SchemaKey<int> HealthFailures { get; } = new(
        "service.health.failures", ConfigTypes.Integer(1, 1000),
        "So many failed probes in a row restart the service.")
    {
        Default = "3",
    };

    public static SchemaKey<RestartWhen> RestartWhen { get; } = new(
        "service.restart.when", ConfigTypes.Choice<RestartWhen>(),
        "Which ends of the process are followed by a new start. Where it is not `always`, an end with exit code 0 is none: the service is Stopped, until somebody starts it or the host boots.")
    {
        Default = "always",
    };

    public static SchemaKey<TimeSpan> RestartDelay { get; } = new(
        "service.restart.delay", ConfigTypes.Duration,
        "Wait before the first restart.")
    {
        Unit = "seconds",
        Default = "2s",
    };

    public static SchemaKey<double> RestartFactor { get; } = new(
        "service.restart.factor", ConfigTypes.Number(1, 100),
        "Each further wait is so many times the one before.")
    {
        Default = "2",
    };

    public static SchemaKey<TimeSpan> RestartMaxDelay { get; } = new(
        "service.restart.max_delay", ConfigTypes.Duration,
        "The longest wait.")
    {
        Unit = "seconds",
        Default = "1m",
    };

    public static SchemaKey<Rate> RestartGiveUp { get; } = new(
        "service.restart.give_up", ConfigTypes.Rate,
        "So many ends within this time, and the service is left alone as failed.")
    {
        Default = "5 in 1m",
    };

    public static SchemaKey<StopMode> StopMode { get; } = new(
        "service.stop.mode", ConfigTypes.Choice<StopMode>(),
        "`passive` asks and waits for the requests in flight; `aggressive` interrupts at once.")
    {
        Default = "passive",
    };

    public static SchemaKey<SignalName> StopSignal { get; } = new(
        "service.stop.signal", ConfigTypes.Signal,
        "How it is asked to end, where the runner has no better way.")
    {
        Default = "TERM",
    };

    public static SchemaKey<TimeSpan> StopTimeout { get; } = new(
        "service.stop.timeout", ConfigTypes.Duration,
        "Time to end by itself; then its whole process group is killed.")
    {
        Unit = "seconds",
        Default = "5s",
    };

    public static SchemaKey<ChangeResponse> OnChange { get; } = new(
        "service.on_change", ConfigTypes.Choice<ChangeResponse>(),
        "What happens when the configuration of the running service changes: `tell` tells which keys changed and what they ask for; `restart` also restarts it, hot where that is enough.")
    {
        Default = "tell",
        Effect = ConfigChangeEffect.None,
    };

    public static SchemaKey<IReadOnlyList<string>> Requires { get; } = new(
        "service.requires", ConfigTypes.ListOf(ConfigTypes.Text),
        "Services that are started before this one and stopped after it.")
    {
        Default = "[]",
        Example = "[redis, auth]",
    };

    public static SchemaKey<IReadOnlyList<string>> Modules { get; } = new(
        "service.modules", ConfigTypes.ListOf(ConfigTypes.Text),
        "Remote modules whose addresses it has to have: they are posted to its `/receive_module_addresses` after each start and when they change. They come from Consul's catalog, "
        + "where `CONSUL_ADDRESS` is written, and from Set-PyServiceModuleAddress.")
    {
        Default = "[]",
        Example = "[billing]",
    };

    public static SchemaKey<long> LogsMaxSize { get; } = new(
        "service.logs.max_size", ConfigTypes.Size,
        "A captured log is rotated at this size.")
    {
        Unit = "bytes",
        Default = "1MB",
    };

    public static SchemaKey<TimeSpan> LogsMaxAge { get; } = new(
        "service.logs.max_age", ConfigTypes.Duration,
        "A captured log that was begun longer ago is rotated before the next line, whatever its size.")
    {
        Unit = "seconds",
        Example = "1d",
    };

    public static SchemaKey<int> LogsKeep { get; } = new(
        "service.logs.keep", ConfigTypes.Integer(0, 10000),
        "Rotated files that are kept.")
    {
        Default = "2",
    };

    public static SchemaKey<bool> LogsCompress { get; } = new(
        "service.logs.compress", ConfigTypes.Boolean,
        "Whether rotated files are compressed with gzip.")
    {
        Default = "false",
    };

    public static SchemaKey<bool> LogsSyslog { get; } = new(
        "service.logs.syslog", ConfigTypes.Boolean,
        "Whether what is captured goes to syslog as well, line by line, secrets masked.")
    {
        Default = "false",
    };

    public static SchemaKey<string> LogsSyslogSocket { get; } = new(
        "service.logs.syslog_socket", ConfigTypes.FilePath,
        "The datagram socket on which syslog listens.")
    {
        Default = "/dev/log",
    };

    public static SchemaKey<long> LimitsMemory { get; } = new(
        "service.limits.memory", ConfigTypes.Size,
        "Memory of the service with all its processes.")
    {
        Unit = "bytes",
        Example = "512MB",
    };

    public static SchemaKey<double> LimitsCpu { get; } = new(
        "service.limits.cpu", ConfigTypes.Percentage,
        "Processor time; 100% is one processor.")
    {
        Unit = "percent",
        Example = "50%",
    };

    public static SchemaKey<int> LimitsOpenFiles { get; } = new(
        "service.limits.open_files", ConfigTypes.Integer(16, 1048576),
        "Open files of each process.")
    {
        DefaultNote = "65536, or the hard limit where that is lower",
        Example = "4096",
    };

    public static SchemaKey<int> LimitsProcesses { get; } = new(
        "service.limits.processes", ConfigTypes.Integer(1, 4194304),
        "Processes and threads of the service's user.")
    {
        Example = "256",
    };

    public static SchemaKey<bool> Respond { get; } = new(
        "service.respond.enabled", ConfigTypes.Boolean,
        "Whether the agent answers on the service's socket while the service is down or starting, so that clients are never refused.")
    {
        DefaultNote = "`true` where there is a `respond:` section",
        Example = "true",
    };

    public static SchemaKey<int> RespondStatus { get; } = new(
        "service.respond.status", ConfigTypes.Integer(100, 599),
        "The HTTP status of that answer.")
    {
        Default = "503",
    };

    public static SchemaKey<string> RespondContentType { get; } = new(
        "service.respond.content_type", ConfigTypes.Text,
        "The content type of that answer.")
    {
        Default = "text/plain; charset=utf-8",
    };

    public static SchemaKey<string> RespondBody { get; } = new(
        "service.respond.body", ConfigTypes.Text,
        "The body of that answer.")
    {
        Default = "The service is not available at the moment.",
    };

    public static SchemaKey<TimeSpan> RespondRetryAfter { get; } = new(
        "service.respond.retry_after", ConfigTypes.Duration,
        "The `Retry-After` header of that answer, in whole seconds.")
    {
        Unit = "seconds",
        Default = "2s",
    };

    public static SchemaKey<TimeSpan> ConsulTtl { get; } = new(
        "service.consul.ttl", ConfigTypes.Duration,
        "With it, the agent tells Consul within this time that the service runs; without it, Consul asks `/ping` every 10 s.")
    {
        Unit = "seconds",
        Example = "30s",
    };

    public static SchemaKey<TimeSpan> ConsulDeregisterAfter { get; } = new(
        "service.consul.deregister_after", ConfigTypes.Duration,
        "Critical for so long, and Consul forgets the service; Consul takes no less than a minute.")
    {
        Unit = "seconds",
        Example = "10m",
    };

    public static SchemaKey<string> ConsulTokenFile { get; } = new(
        "service.consul.token_file", ConfigTypes.FilePath,
        "The file that holds the ACL token.")
    {
        DefaultNote = "the variable `CONSUL_HTTP_TOKEN` of the agent",
        Example = "/etc/servicectl/consul.token",
    };

    public static SchemaKey<ConfigSequence> OnFailure { get; } = new(
        "service.on_failure", ConfigTypes.RawList("a list of actions", "[]"),
        "What to do, tell and record for which failure.")
    {
        Default = "[]",
        IsUnavailable = true,
    };

    public static IReadOnlyList<SchemaKey> All { get; } =
    [
        Runner, App, Command, Listen, Socket, Instances, User, Umask, Environment, ReadyHttp, .. ProbeKeys.Ready.All, ReadyLog, ReadyNotify, ReadyDelay, ReadyAtLatest, ReadyTimeout,
        HealthHttp, .. ProbeKeys.Health.All, HealthInterval, HealthTimeout, HealthFailures, RestartWhen, RestartDelay, RestartFactor, RestartMaxDelay,
        RestartGiveUp, StopMode, StopSignal, StopTimeout, OnChange, Requires, Modules, LogsMaxSize, LogsMaxAge, LogsKeep, LogsCompress,
        LogsSyslog, LogsSyslogSocket,
        LimitsMemory, LimitsCpu, LimitsOpenFiles, LimitsProcesses,
        Respond, RespondStatus, RespondContentType, RespondBody, RespondRetryAfter,
        ConsulTtl, ConsulDeregisterAfter, ConsulTokenFile, OnFailure,
    ];

    /// <summary>Closed: a key that is not known here is a slip.</summary>
    public static IReadOnlyList<SchemaSection> Sections { get; } =
    [
        new("service", "How the service is launched, watched, restarted, stopped and limited.", IsClosed: true),
        new("service.ready", "When a launch counts as ready.", IsClosed: true),
        new("service.health", "How a running service is asked whether it is well.", IsClosed: true),
        new("service.restart", "What happens when it ends by itself.", IsClosed: true),
        new("service.stop", "How it is ended.", IsClosed: true),
        new("service.logs", "What becomes of its output.", IsClosed: true),
        new("service.limits", "What it may use at most.", IsClosed: true),
        new("service.consul", "What the predecessor's keys don't say about its registration in Consul.", IsClosed: true),
        new("service.respond", "What clients are answered while it is down.", IsClosed: true),
    ];
}
