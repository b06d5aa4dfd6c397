using System.Text.Json.Serialization;

namespace ServiceCtl.Contracts;

/// <summary>The process that owns a user's running services on this host.</summary>
public sealed record AgentInfo
{
    public required int Pid { get; init; }

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it has been running, by the wall clock; zero where that was set back behind the start.</summary>
    [JsonIgnore]
    public TimeSpan Uptime => DateTimeOffset.Now is var now && now > StartedAt ? now - StartedAt : TimeSpan.Zero;

    /// <summary>Path of its control socket.</summary>
    public required string Socket { get; init; }

    /// <summary>The file it writes its own log to.</summary>
    public required string LogPath { get; init; }

    /// <summary>The user it runs as.</summary>
    public required string User { get; init; }

    /// <summary>Services it knows.</summary>
    public int Services { get; init; }

    /// <summary>Services of which a process runs.</summary>
    public int Running { get; init; }

    /// <summary>What it could not take as it is written: faults of the host's rules for failures.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }
}
