namespace ServiceCtl.Contracts;

/// <summary>A file with which a service becomes an image: Dockerfile, .dockerignore, compose.yaml.</summary>
public sealed record PyServiceImageFile
{
    public required string Service { get; init; }

    public required string Path { get; init; }

    /// <summary>Created, or kept as it was: what is there is never written over.</summary>
    public required ProjectFileChange Change { get; init; }

    /// <summary>What the configuration makes of it, whether it was written or not.</summary>
    public required string Content { get; init; }

    /// <summary>Was it done? Not by a look at what would be.</summary>
    public bool IsDone { get; init; }

    /// <summary>The host it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Path;
}
