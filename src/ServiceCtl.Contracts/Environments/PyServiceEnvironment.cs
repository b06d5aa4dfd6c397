namespace ServiceCtl.Contracts;

/// <summary>The virtualenv of a service.</summary>
public sealed record PyServiceEnvironment
{
    public required string Service { get; init; }

    /// <summary>What the configuration calls it: a link to <see cref="Folder"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Where it really is.</summary>
    public required string Folder { get; init; }

    public required EnvironmentChange Change { get; init; }

    public required EnvironmentTool Tool { get; init; }

    /// <summary>The version of its Python, as 3.11.2.</summary>
    public required string Python { get; init; }

    /// <summary>The file that says what is in it; null for an empty one.</summary>
    public string? Requirements { get; init; }

    /// <summary>What is installed, as name-version.</summary>
    public IReadOnlyList<string> Packages { get => field ?? []; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Path;
}
