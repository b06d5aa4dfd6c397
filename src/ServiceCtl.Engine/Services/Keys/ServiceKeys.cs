using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>
/// The keys of <c>service:</c> itself: what the predecessor's keys can't say. Each of its sections has a class of its own beside this one.
/// </summary>
public static class ServiceKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service", "How the service is launched, watched, restarted, stopped and limited.", IsClosed: true));

    public static SchemaKey<string> Runner { get; } = All.Add(new SchemaKey<string>(
        "service.runner", ConfigTypes.Choice("uwsgi", "gunicorn", "uvicorn", "uv", "python", "command", "container"),
        "How the service is launched.")
    {
        IsEssential = true,
        Example = "uvicorn",
        DefaultNote = "`uwsgi` where there is a `uwsgi:` section",
    });

    public static SchemaKey<string> App { get; } = All.Add(new SchemaKey<string>(
        "service.app", ConfigTypes.Text,
        "The application object as `module:callable`, for the runners that import it.")
    {
        IsEssential = true,
        Example = "app:app",
    });

    public static SchemaKey<IReadOnlyList<string>> Command { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.command", ConfigTypes.Command,
        "Program and arguments; for `python` and `uv` the script and its arguments, for `gunicorn` and `uvicorn` options beside "
            + "`service.app`. No shell reads it; `{fd}`, `{address}`, `{host}` and `{port}` stand for the listening socket's "
            + "number and for "
            + "where it listens, `{fd2}`, `{address2}`, … for those of the second address.")
    {
        Example = "[python3, main.py]",
    });

    public static SchemaKey<IReadOnlyList<EndpointAddress>> Listen { get; } = All.Add(new SchemaKey<IReadOnlyList<EndpointAddress>>(
        "service.listen", ConfigTypes.ListenAddresses,
        "Where the service listens: TCP or a Unix socket, or several of them as a list, the first of which is asked by probes (uvicorn "
            + "takes one). A Unix socket that the agent opens is made as `service.user`, with the mode that the server would give it: "
            + "0777 less its `umask` for gunicorn, 0666 for uvicorn, `chmod-socket` and `chown-socket` for uWSGI, else 0777 less "
            + "`service.umask`. `{unix: /path, mode: \"0660\", owner: app, group: www-data}` says it otherwise; what is left out stays "
            + "as usual.")
    {
        IsEssential = true,
        DefaultNote = "`local_ip`:`local_port`; for gunicorn what its configuration file says in `bind`",
        Example = "127.0.0.1:8001",
    });

    public static SchemaKey<SocketMode> Socket { get; } = All.Add(new SchemaKey<SocketMode>(
        "service.socket", ConfigTypes.Choice<SocketMode>(),
        "Who opens the listening socket: `pass`, the agent, which passes it on as descriptor 3 (several from there on) with LISTEN_FDS; "
            + "`own`, the program itself, so that its generations run one after the other.")
    {
        DefaultNote = "`pass` for `gunicorn`, `uvicorn`, and a command that names `{fd}`; `own` for other commands",
        Example = "pass",
    });

    public static SchemaKey<int> Instances { get; } = All.Add(new SchemaKey<int>(
        "service.instances", ConfigTypes.Integer(1, 1000),
        "Processes, for runners that have no workers of their own; gunicorn's workers.")
    {
        Default = "1",
    });

    public static SchemaKey<string> User { get; } = All.Add(new SchemaKey<string>(
        "service.user", ConfigTypes.Text,
        "The user the service runs as, by name or number; another than the agent's own needs root. It must be able to enter the "
            + "service's folder.")
    {
        DefaultNote = "the agent's user",
        Example = "www-data",
    });

    public static SchemaKey<int> Umask { get; } = All.Add(new SchemaKey<int>(
        "service.umask", ConfigTypes.FileMask,
        "What the service's new files are not allowed, in octal.")
    {
        DefaultNote =
            $"`{Convert.ToString(InheritedSession.UsualMask, 8).PadLeft(4, '0')}`, whatever the session had that started the agent",
        Example = "'0027'",
    });

    public static SchemaKey<IReadOnlyDictionary<string, string>> Environment { get; } = All.Add(
        new SchemaKey<IReadOnlyDictionary<string, string>>(
        "service.environment", ConfigTypes.TextMap,
        "Variables for the service's environment, over the few that every service gets: PATH (the standard folders, then `~/.local/bin`), "
            + "HOME, USER, LOGNAME, SHELL, LANG (`C.UTF-8`) and the agent's TZ.")
        {
            Default = "{}",
            Example = "{TZ: UTC}",
        });

    public static SchemaKey<ChangeResponse> OnChange { get; } = All.Add(new SchemaKey<ChangeResponse>(
        "service.on_change", ConfigTypes.Choice<ChangeResponse>(),
        "What happens when the configuration of the running service changes: `tell` tells which keys changed and what they ask for; "
            + "`restart` also restarts it, hot where that is enough.")
    {
        Default = "tell",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<IReadOnlyList<string>> Requires { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.requires", ConfigTypes.ListOf(ConfigTypes.TextMatching(ServiceNamePattern.Whole)),
        "Services that are started before this one and stopped after it.")
    {
        Default = "[]",
        Example = "[redis, auth]",
    });

    public static SchemaKey<IReadOnlyList<string>> Modules { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.modules", ConfigTypes.ListOf(ConfigTypes.Text),
        "Remote modules whose addresses it has to have: they are posted to its `/receive_module_addresses` after each start and when they "
            + "change. They come from Consul's catalog, "
        + "where `CONSUL_ADDRESS` is written, and from Set-PyServiceModuleAddress.")
    {
        Default = "[]",
        Example = "[billing]",
    });
}
