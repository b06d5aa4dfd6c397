using ServiceCtl.Engine.Processes.Interop;

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

    /// <summary>
    /// Without those that somebody else has started than this user or our own: everybody can write a mark into an environment.
    /// </summary>
    /// <returns>Null when nobody is left.</returns>
    internal FoundScope? OfUser(uint user)
    {
        ProcessFigures[] believed = [.. Members.Where(member => Believes(member.Pid, user))];
        return believed.Length == 0 ? null : Of(Marker, believed);
    }

    /// <param name="marker">Its mark.</param>
    /// <param name="members">Oldest first.</param>
    internal static FoundScope Of(ScopeMarker marker, IReadOnlyList<ProcessFigures> members) => new()
    {
        Marker = marker,
        Main = members.FirstOrDefault(process => process.Session == process.Pid)?.Identity,
        Members = members,
    };

    /// <summary>Is the mark of a process that belongs to a service of this user to be believed?</summary>
    internal static bool Believes(int pid, uint user) =>
        ProcFs.RealUserOf(pid) is { } real && (real == user || real == Libc.GetEffectiveUid());
}
