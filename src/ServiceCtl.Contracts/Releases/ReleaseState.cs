namespace ServiceCtl.Contracts;

/// <summary>Where a release is on its way.</summary>
public enum ReleaseState
{
    /// <summary>It is being unpacked and prepared.</summary>
    Building,

    /// <summary>It is whole, and has not served yet.</summary>
    Ready,

    /// <summary>It serves a part of the new connections, and is judged by how.</summary>
    Canary,

    /// <summary><c>current</c> leads to it.</summary>
    Current,

    /// <summary>It has served, and a later one took its place.</summary>
    Previous,

    /// <summary>It was not built to its end, or did not prove itself; it has never served.</summary>
    Failed,

    /// <summary>It has served, and a rollback restored an older one in its place.</summary>
    Restored,
}
