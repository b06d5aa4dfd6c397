namespace ServiceCtl.Contracts;

/// <summary>An image in a registry.</summary>
public sealed record PyServiceImagePush
{
    /// <summary>Its name there, with its tag.</summary>
    public required string Image { get; init; }

    /// <summary>By which it can be had whatever becomes of the tag; null where the engine did not say it.</summary>
    public string? Digest { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary><c>docker</c> or <c>podman</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>Was it done? Not by a look at what would be.</summary>
    public bool IsDone { get; init; }

    public override string ToString() => Image;
}
