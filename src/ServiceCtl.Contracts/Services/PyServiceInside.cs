namespace ServiceCtl.Contracts;

/// <summary>What goes on inside a service, as the page that <c>service.health.state</c> names tells it: its own words, cut where they are
/// long, secrets masked.</summary>
public sealed record PyServiceInside
{
    /// <summary>The version that its application gives itself.</summary>
    public string? Version { get; init; }

    /// <summary>The process that has answered; of several workers, one.</summary>
    public int? Pid { get; init; }

    /// <summary>Tasks that run, and those that are due at set times.</summary>
    public IReadOnlyList<PyServiceTask> Tasks { get => field ?? []; init; }

    /// <summary>What it handles.</summary>
    public IReadOnlyList<PyServiceHandler> Handlers { get => field ?? []; init; }

    /// <summary>The services inside it.</summary>
    public IReadOnlyList<PyServicePart> Parts { get => field ?? []; init; }

    /// <summary>Its certificates, and until when they are valid.</summary>
    public IReadOnlyList<PyServiceCertificate> Certificates { get => field ?? []; init; }

    /// <summary>The configuration as it has it, as JSON.</summary>
    public string? Configuration { get; init; }

    /// <summary>Why the page could not be read; null when it was.</summary>
    public string? Problem { get; init; }

    public override string ToString() => Problem ?? string.Join(", ",
        $"{Count(Tasks.Count, "task")}, {Count(Handlers.Count, "handler")}, "
            + $"{Parts.Count(part => part.IsMade)} of {Count(Parts.Count, "service")} made"
            + (Version is { Length: > 0 } version ? $", version {version}" : ""));

    private static string Count(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");
}
