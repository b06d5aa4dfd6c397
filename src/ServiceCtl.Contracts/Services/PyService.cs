using System.Text.Json.Serialization;

namespace ServiceCtl.Contracts;

/// <summary>A service of this host, as listed: what it is and how it is doing, from what the agent holds in memory.</summary>
public sealed record PyService
{
    public required string Name { get; init; }

    public required ServiceState State { get; init; }

    /// <summary>The main process, while there is one.</summary>
    public int? Pid { get; init; }

    /// <summary>Number of the launch that serves, counted from 1 since the service was registered; 0 before the first.</summary>
    public int Generation { get; init; }

    /// <summary>When the serving generation was launched.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>
    /// How long the serving generation has been up, by the wall clock; zero where that was set back behind the start, null where none
    /// serves. The status has it by the kernel's own count.
    /// </summary>
    [JsonIgnore]
    public TimeSpan? Uptime => Pid is null || StartedAt is not { } since ? null
        : DateTimeOffset.Now is var now && now > since ? now - since : TimeSpan.Zero;

    /// <summary>Address the service listens on, as <c>host:port</c> or the path of a Unix socket.</summary>
    public string? Listen { get; init; }

    /// <summary>How it is launched: <c>uwsgi</c>, <c>gunicorn</c>, …</summary>
    public required string Runner { get; init; }

    /// <summary>The service's folder.</summary>
    public required string Path { get; init; }

    /// <summary>The file its definition is read from; the folder, with a slash at its end, where it is composed of several.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>Where its configuration is searched, as it was registered; none: where its folder says.</summary>
    public IReadOnlyList<string> Sources { get => field ?? []; init; }

    /// <summary>Is it started at boot?</summary>
    public BootStart AtBoot { get; init; }

    /// <summary>What is wrong with it, in one sentence; null while nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Name;
}
