namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>A generation of which something lives on this host.</summary>
public sealed record FoundScope
{
    public required ScopeMarker Marker { get; init; }

    /// <summary>
    /// The oldest session leader among its processes. That is the main process as long as it lives; once it has ended, it is a helper
    /// that moved into a session of its own: only who remembers the main process's identity can tell. Null: none leads a session.
    /// </summary>
    public required ProcessIdentity? Main { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<ProcessFigures> Members { get; init; }
}
