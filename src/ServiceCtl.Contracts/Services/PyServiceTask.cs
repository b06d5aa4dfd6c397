using System.Globalization;

namespace ServiceCtl.Contracts;

/// <summary>A task inside a service: one that runs, or one that is due at set times.</summary>
public sealed record PyServiceTask
{
    public required string Name { get; init; }

    /// <summary>When it is due, as <c>every 30s</c>; null for one that simply runs.</summary>
    public string? Event { get; init; }

    /// <summary>When it began; null for one that waits for its time.</summary>
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Next { get; init; }

    /// <summary>How often it has run.</summary>
    public long Runs { get; init; }

    public override string ToString() => Event is null
        ? Name + (Since is { } since ? string.Create(CultureInfo.InvariantCulture, $", since {since.LocalDateTime:HH:mm:ss}") : "")
        : string.Create(CultureInfo.InvariantCulture, $"{Event}: {Name}, {Runs} runs")
            + (Next is { } next ? string.Create(CultureInfo.InvariantCulture, $", next at {next.LocalDateTime:HH:mm:ss}") : "");
}
