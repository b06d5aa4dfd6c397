using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Something that is done for a service at set times: an item of <c>service.schedule</c>.</summary>
public sealed record ScheduleRule
{
    /// <summary>Unique among those of the service.</summary>
    public required string Name { get; init; }

    public required string Cron { get; init; }

    /// <summary>By its name in the time zone database; null for the host's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Program and arguments; empty where it is an order.</summary>
    public IReadOnlyList<string> Run { get; init; } = [];

    /// <summary>An order to the service; null where a program is run.</summary>
    public ServiceAction? Do { get; init; }

    /// <summary>How long it may take; null for an order that may take what the service's own configuration says.</summary>
    public TimeSpan? Timeout { get; init; }

    public OverlapPolicy Overlap { get; init; }

    /// <summary>Whether one run makes up for those that were missed.</summary>
    public bool CatchUp { get; init; }

    /// <summary>Whether it is done also while the service is not to run.</summary>
    [JsonIgnore]
    public bool IsForStopped => Do is ServiceAction.Start or ServiceAction.Stop;

    /// <summary>What it does, in the words of the configuration.</summary>
    public override string ToString() => Do is { } action ? WordOf(action) : string.Join(' ', Run);

    internal static string WordOf(ServiceAction action) =>
        action == ServiceAction.HotRestart ? "hot_restart" : action.ToString().ToLowerInvariant();
}
