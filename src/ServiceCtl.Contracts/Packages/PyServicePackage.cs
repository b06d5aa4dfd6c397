namespace ServiceCtl.Contracts;

/// <summary>A file of a package that was built and checked.</summary>
public sealed record PyServicePackage
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required PackageKind Kind { get; init; }

    public required string Path { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Which Pythons it is for; null for any.</summary>
    public string? RequiresPython { get; init; }

    /// <summary>Interpreters and systems that a wheel fits: py3-none-any, cp311-cp311-linux_x86_64.</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    /// <summary>What is odd about it, and keeps nobody from using it.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; } = [];

    public override string ToString() => Path;
}
