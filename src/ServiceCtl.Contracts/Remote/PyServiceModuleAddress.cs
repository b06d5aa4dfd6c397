namespace ServiceCtl.Contracts;

/// <summary>Where a module is that a service needs, and whether the service knows it.</summary>
public sealed record PyServiceModuleAddress
{
    public required string Service { get; init; }

    public required string Module { get; init; }

    /// <summary>As <c>host:port</c>; empty when it is nowhere.</summary>
    public IReadOnlyList<string> Hosts { get => field ?? []; init; }

    /// <summary>Does the service's configuration ask for it?</summary>
    public bool IsRequired { get; init; }

    /// <summary>Is it required, and nowhere?</summary>
    public bool IsMissing { get; init; }

    /// <summary>Has the generation that serves taken these addresses? Null while none serves.</summary>
    public bool? IsDelivered { get; init; }

    /// <summary>Why it has not.</summary>
    public string? Problem { get; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() =>
        $"{Module}: {(Hosts.Count == 0 ? "nowhere" : string.Join(", ", Hosts))}{(IsDelivered == false ? " (not delivered)" : "")}";
}
