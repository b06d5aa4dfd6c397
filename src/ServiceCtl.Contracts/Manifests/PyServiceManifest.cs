namespace ServiceCtl.Contracts;

/// <summary>A file by which something else than ServiceCtl runs services as containers.</summary>
public sealed record PyServiceManifest
{
    public required ManifestTarget Target { get; init; }

    /// <summary>The services in it, each after those that it requires.</summary>
    public required IReadOnlyList<string> Services { get => field ?? []; init; }

    public required string FileName { get; init; }

    /// <summary>Where it was written to; null for one that was only made.</summary>
    public string? Path { get; init; }

    public required string Content { get; init; }

    /// <summary>The variables, or keys of Kubernetes secrets, that have to hold its secrets: no secret is in the text.</summary>
    public IReadOnlyList<string> Secrets { get => field ?? []; init; }

    /// <summary>What the services' configurations say and the target has no words for.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings { get => field ?? []; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Path ?? FileName;
}
