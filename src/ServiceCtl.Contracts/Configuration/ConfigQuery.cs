namespace ServiceCtl.Contracts;

/// <summary>Which values of a configuration are asked for.</summary>
public sealed record ConfigQuery
{
    /// <summary>A service's folder or its configuration file.</summary>
    public required string Path { get; init; }

    /// <summary>The name it goes by; null for one that is not registered.</summary>
    public string? Service { get; init; }

    /// <summary>Dotted keys, with <c>*</c> and <c>?</c>; a section stands for all its keys. None: all.</summary>
    public IReadOnlyList<string> Keys { get => field ?? []; init; }

    /// <summary><c>key=value</c>, over all other sources.</summary>
    public IReadOnlyList<string> Settings { get => field ?? []; init; }

    /// <summary>
    /// Where files are searched, lowest first, instead of where the folder says: files, folders, patterns. The words <c>files</c>,
    /// <c>environment</c>,
    /// <c>env-files</c> and <c>options</c> are the kinds of sources, and so their order. None: as it is registered, or as the folder says.
    /// </summary>
    public IReadOnlyList<string> Sources { get => field ?? []; init; }

    /// <summary>Take the caller's environment for the service's own, as <c>servicectl run</c> does.</summary>
    public bool Environment { get; init; }

    /// <summary>Show secrets as they are.</summary>
    public bool Reveal { get; init; }
}
