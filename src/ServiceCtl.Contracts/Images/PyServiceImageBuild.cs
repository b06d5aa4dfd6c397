namespace ServiceCtl.Contracts;

/// <summary>An image that was built.</summary>
public sealed record PyServiceImageBuild
{
    public required string Service { get; init; }

    /// <summary>The first of its names, with its tag.</summary>
    public required string Image { get; init; }

    /// <summary>All its names, with their tags.</summary>
    public IReadOnlyList<string> Names { get => field ?? []; init; }

    public required string Id { get; init; }

    /// <summary>The commit that was checked out; null where there was none.</summary>
    public string? Commit { get; init; }

    /// <summary>Did files differ from that commit?</summary>
    public bool IsDirty { get; init; }

    /// <summary>The project's version; null where it says none.</summary>
    public string? Version { get; init; }

    /// <summary>In bytes, with what it is built on.</summary>
    public required long Size { get; init; }

    /// <summary>How many steps were done.</summary>
    public int Steps { get; init; }

    /// <summary>How many of them the cache had.</summary>
    public int CachedSteps { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary><c>docker</c> or <c>podman</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The host it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Image;
}
