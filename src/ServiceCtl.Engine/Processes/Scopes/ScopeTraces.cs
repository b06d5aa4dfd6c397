namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>By what the processes of one generation are recognised.</summary>
internal sealed record ScopeTraces
{
    public required ScopeMarker Marker { get; init; }

    /// <summary>Nobody of the generation is older than this.</summary>
    public required long StartTicks { get; init; }

    /// <summary>The session that the main process was seen to lead; null when its number may be somebody else's by now.</summary>
    public required int? Session { get; init; }

    /// <summary>Processes that were once seen to belong to it.</summary>
    public required IReadOnlySet<ProcessIdentity> Seen { get; init; }

    /// <summary>What is in its cgroup now; null when it has none.</summary>
    public required IReadOnlyList<int>? InCgroup { get; init; }
}
