using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What a supervisor knows of its service. Replaced as a whole at every change.</summary>
public sealed record ServiceRecord
{
    public required string Name { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>Where its configuration is searched, as it was registered.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    public required string Runner { get; init; }

    /// <summary>What <c>SERVICE_NAME</c> said when it was registered.</summary>
    public string? ConfiguredName { get; init; }

    public ServiceState State { get; init; } = ServiceState.Stopped;

    /// <summary>Was the last order to run it, so that it has to be running whenever it can?</summary>
    public bool IsWanted { get; init; }

    /// <summary>What becomes of it when this machine has booted.</summary>
    public BootStart AtBoot { get; init; }

    /// <summary>Has it ended by itself, as its restart rule lets it? It runs again by an order, or after a reboot.</summary>
    public bool HasFinished { get; init; }

    public int Generation { get; init; }

    /// <summary>Starts that nobody ordered.</summary>
    public int Restarts { get; init; }

    public int? Pid { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public string? Listen { get; init; }

    /// <summary>All that it listens on, <see cref="Listen"/> among them.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>What the serving generation requires; of one that does not run, what was read last.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    public string? Problem { get; init; }

    public ExitReport? LastExit { get; init; }

    /// <summary>The last failure since an order.</summary>
    public PyServiceFailure? Failure { get; init; }

    /// <summary>
    /// What is to be said when <c>SERVICE_NAME</c> was edited since: files, logs and orders go by the registered name. Null when it was
    /// not.
    /// </summary>
    public string? FindRename(ServiceDefinition definition) => definition.ConfiguredName is { } now && now != Name && now != ConfiguredName
        ? $"SERVICE_NAME is {now} now, but the service stays registered as {Name}. To rename it, stop and unregister {Name}, and start it "
            + "again in its folder."
        : null;

    public PyService ToPyService() => new()
    {
        Name = Name,
        State = State,
        Pid = Pid,
        Generation = Generation,
        StartedAt = StartedAt,
        Listen = Listen,
        Runner = Runner,
        Path = ServiceSources.FolderOf(ConfigPath),
        ConfigPath = ConfigPath,
        Sources = Sources,
        AtBoot = AtBoot,
        Problem = Problem,
    };
}
