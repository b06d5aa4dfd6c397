namespace ServiceCtl.Contracts;

/// <summary>What would be done about a failure, were it the first one. Nothing was done.</summary>
public sealed record PyServiceFailureDecision
{
    public required string Service { get; init; }

    /// <summary>The failure, in words.</summary>
    public required string Cause { get; init; }

    /// <summary>The rule that decides, by its name or number (<c>#2</c>); null where <c>service.restart</c> does.</summary>
    public string? Rule { get; init; }

    /// <summary>Where that rule is written.</summary>
    public string? Place { get; init; }

    public required string Action { get; init; }

    /// <summary>The wait before the next start; null where none follows.</summary>
    public TimeSpan? Wait { get; init; }

    public string? Code { get; init; }

    public string? Text { get; init; }

    /// <summary>What some of those who hear alerts get to read, where that is something else.</summary>
    public IReadOnlyList<PyServiceFailureNotice> Notices { get => field ?? []; init; }

    /// <summary>Rules that are about this failure and come too late, by name or number: those before them decide.</summary>
    public IReadOnlyList<string> Shadowed { get => field ?? []; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Service}: {Cause}: {Rule ?? "service.restart"}: {Action}";
}
