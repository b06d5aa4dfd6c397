namespace ServiceCtl.Engine.Releases.Fleet.Orders;

/// <summary>What can be ordered of a host of a stage.</summary>
internal enum HostOrderKind
{
    /// <summary>Always the first: which stage it is about.</summary>
    Open,

    Check,
    Plan,
    Releases,
    Remove,
    Lock,
    Unlock,

    /// <summary>One phase of a deploy; the lock is held from <see cref="Open"/> on.</summary>
    Phase,

    /// <summary>A step of the project's own.</summary>
    Own,

    /// <summary>Commands in the release.</summary>
    Hook,

    Restore,

    /// <summary>The release that was made is given up.</summary>
    Abandon,

    /// <summary>Always the last; without it, whoever deploys has died.</summary>
    Close,
}
