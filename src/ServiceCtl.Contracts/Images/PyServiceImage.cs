namespace ServiceCtl.Contracts;

/// <summary>An image of a service, as the engine has it.</summary>
public sealed record PyServiceImage
{
    /// <summary>The service that it was built for.</summary>
    public required string Service { get; init; }

    /// <summary>The first of its names, with its tag; its id where it has lost its names to a later one.</summary>
    public required string Image { get; init; }

    /// <summary>All its names, with their tags.</summary>
    public IReadOnlyList<string> Names { get => field ?? []; init; }

    public required string Id { get; init; }

    /// <summary>The commit that it was built from; null where it says none.</summary>
    public string? Commit { get; init; }

    /// <summary>The version that it was built from; null where it says none.</summary>
    public string? Version { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>In bytes, with what it is built on.</summary>
    public required long Size { get; init; }

    /// <summary><c>docker</c> or <c>podman</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The host it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Image;
}
