using System.Text.Json.Serialization;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Services;

/// <summary>What a service's configuration says, typed and with absolute paths. Made by <see cref="ServiceDefinitionReader"/>.</summary>
public sealed record ServiceDefinition
{
    public required string Name { get; init; }

    /// <summary>What <c>SERVICE_NAME</c> says; null when there is none. It may be registered under another name.</summary>
    [JsonIgnore]
    public string? ConfiguredName { get; init; }

    /// <summary>
    /// The service's folder: where its configuration is. Of what is to be launched, and of what runs, a path without links.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>The link by which it is known, and where that led; null where there is none on the way to its folder.</summary>
    public ReleasePlace? Release { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>Where its configuration was searched, as it was asked for; none: where its folder says.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>What <c>api_directory</c> says; null where nothing does.</summary>
    public string? ApiDirectory { get; init; }

    /// <summary>How it is launched; the words are those of <c>service.runner</c>.</summary>
    public required string Runner { get; init; }

    /// <summary>The application, as <c>module:callable</c>, where the server's own section does not name it.</summary>
    public string? App { get; init; }

    /// <summary>Where it listens; where there are several addresses, the first of them.</summary>
    public ListenAddress? Listen { get; init; }

    /// <summary>The others.</summary>
    public IReadOnlyList<ListenAddress> AlsoListens { get; init; } = [];

    /// <summary>All of them.</summary>
    [JsonIgnore]
    public IReadOnlyList<ListenAddress> Listens => Listen is null ? [] : [Listen, .. AlsoListens];

    /// <summary>Who may connect to its Unix sockets; null for what is usual with its runner.</summary>
    public SocketPermissions? Permissions { get; init; }

    /// <summary>Who opens its socket; null for what is usual with its runner.</summary>
    public SocketMode? Socket { get; init; }

    /// <summary>Folder of its virtualenv; null for the system's Python.</summary>
    public string? VirtualEnvironment { get; init; }

    /// <summary>How that virtualenv is made.</summary>
    public EnvironmentRule Venv { get; init; } = new();

    /// <summary>Where the main process's pid is to be written.</summary>
    public string? PidFile { get; init; }

    public IReadOnlyList<string> DirectoriesToCreate { get; init; } = [];

    public int? DirectoriesMode { get; init; }

    /// <summary>Cleared after each stop: files are removed, folders emptied but kept.</summary>
    public IReadOnlyList<string> PathsToDelete { get; init; } = [];

    /// <summary>Variables of the service's own, above the few that every service gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Program and arguments, for the runners that take them.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Processes, for runners that have no workers of their own.</summary>
    public int Instances { get; init; } = ServiceKeys.Instances.Usual;

    /// <summary>The user it runs as; null for the agent's.</summary>
    public string? User { get; init; }

    /// <summary>Can others than root change its configuration, and so say which files are meant?</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whom root acts for with the files that its configuration names.</summary>
    [JsonIgnore]
    public FileActor? Actor => User is null ? null : new(User, IsForeign);

    /// <summary>What its new files are not allowed (umask); null for the usual.</summary>
    public int? FileMask { get; init; }

    /// <summary>Services that are started before this one and stopped after it.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    public ReadinessRule Ready { get; init; } = new();

    /// <summary>The page on which it shows what goes on inside it; null where it has none.</summary>
    public string? StatePage { get; init; }

    /// <summary>Null for a service that is not asked while it runs.</summary>
    public HealthRule? Health { get; init; }

    public RestartRule Restart { get; init; } = new();

    /// <summary>What is done about failures before <see cref="Restart"/> is asked; the first that matches decides.</summary>
    public IReadOnlyList<FailureRule> OnFailure { get => field ?? []; init; } = [];

    /// <summary>Rules for the process itself, which the agent only shows; none of a generation that another agent has launched.</summary>
    [JsonIgnore]
    public IReadOnlyList<FailureRule> LayerRules { get; init; } = [];

    public StopRule Stop { get; init; } = new();

    public ScopeLimits Limits { get; init; } = ScopeLimits.None;

    public ScopeSandbox Sandbox { get; init; } = ScopeSandbox.None;

    /// <summary>Null for a service that runs in no container.</summary>
    public ContainerRule? Container { get; init; }

    public LogRule Logs { get; init; } = new();

    /// <summary>What becomes of it, while it runs, when its configuration changes.</summary>
    public ChangeResponse OnChange { get; init; } = ServiceKeys.OnChange.Usual;

    public RelogRule Relog { get; init; } = new();

    /// <summary>What is done at set times. Records of older agents have none.</summary>
    public IReadOnlyList<ScheduleRule> Schedule { get => field ?? []; init; } = [];

    /// <summary>Who hears of it; null for nobody.</summary>
    public AlertRule? Alerts { get => field?.For(Actor); init; }

    /// <summary>Null for a service whose clients wait, or are refused, while it is down.</summary>
    public RespondRule? Respond { get; init; }

    /// <summary>Null for a service whose configuration is what its own files say.</summary>
    public RemoteRule? Remote { get => field is null ? null : field with { Reader = Actor }; init; }

    /// <summary>The modules whose addresses it has to have.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Where the agent answers for it; null for nowhere.</summary>
    public ListenAddress? Infra { get; init; }

    /// <summary>Null for no log of this kind.</summary>
    public JsonLogRule? JsonLog { get; init; }

    /// <summary>Where its integration tests get their token.</summary>
    public AuthRule Auth { get; init; } = new();

    public ConsulRule Consul { get => field with { Reader = Actor }; init; } = new();

    /// <summary>What becomes of the messages about it.</summary>
    public MessageRule Messages { get; init; } = new();

    /// <summary>Name of the wrapper file that is made in its folder.</summary>
    public string WrapperName { get; init; } = PathKeys.NeatScriptName.Usual;

    /// <summary>The <c>uwsgi:</c> section.</summary>
    public UwsgiSection Uwsgi { get; init; } = new();

    /// <summary>The secrets that its configuration holds, so that they can be taken out of what is shown.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The composed values, for the service itself; null of a generation that another agent has launched.</summary>
    [JsonIgnore]
    internal HandedConfiguration? Handed { get; init; }

    [JsonIgnore]
    public SecretMask Mask => SecretMask.Of(Secrets);

    /// <summary>The file that the server itself writes its log to, beside what it prints; null where it only prints.</summary>
    [JsonIgnore]
    public string? ServerLog => Runner == "uwsgi" && Uwsgi.LogFile is { } file
        ? Path.GetFullPath(new UwsgiPlaceholders(Uwsgi, Folder).Resolve(file), Folder) : null;
}
