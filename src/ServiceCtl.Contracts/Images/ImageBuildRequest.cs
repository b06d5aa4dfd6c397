namespace ServiceCtl.Contracts;

/// <summary>A build of a service's image.</summary>
public sealed record ImageBuildRequest
{
    /// <summary>The only tag that it gets; null: that of its version or commit, and the one that its configuration names.</summary>
    public string? Tag { get; init; }

    /// <summary>Path of the Dockerfile, relative to the folder that is built; null for the usual one.</summary>
    public string? File { get; init; }

    /// <summary>The stage to build; null for the last one.</summary>
    public string? Target { get; init; }

    /// <summary>
    /// <c>docker</c>, <c>podman</c>, or the path of an engine's socket; null for what the configuration or the host says.
    /// </summary>
    public string? Engine { get; init; }

    /// <summary>Is every step done again?</summary>
    public bool NoCache { get; init; }

    /// <summary>Are the images that it is built on looked for in their registries, even if they are here?</summary>
    public bool Pull { get; init; }

    /// <summary>The network of the steps: <c>host</c>, <c>none</c>; null for the engine's usual one.</summary>
    public string? Network { get; init; }

    /// <summary>What <c>ARG</c> lines of the Dockerfile get. They can be seen in the image.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments
    {
        get => field ?? new Dictionary<string, string>();
        init;
    }

    /// <summary>Files that steps may read, by their ids, and that are no part of the image.</summary>
    public IReadOnlyDictionary<string, string> Secrets
    {
        get => field ?? new Dictionary<string, string>();
        init;
    }
}
