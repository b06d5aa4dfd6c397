namespace ServiceCtl.Engine.Processes;

/// <summary>What a child sees of the file system, and may write to. Paths are absolute; what is not there is passed over.</summary>
internal sealed record FileSystemView
{
    /// <summary>Folders that are to be empty and the child's own, such as <c>/tmp</c>.</summary>
    public IReadOnlyList<string> Private { get; init; } = [];

    /// <summary>Folders that are to be empty, such as <c>/home</c>.</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];

    /// <summary>Files and folders that can't be changed, with all that is in them.</summary>
    public IReadOnlyList<string> ReadOnly { get; init; } = [];

    /// <summary>Folders that stay where they are, whatever is hidden above them.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>The same, and they can be written to as before, whatever is read-only above them.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>By Landlock, which closes places and covers none, instead of mounts.</summary>
    public bool IsByLandlock { get; init; }

    /// <summary>Only where this user gets is kept; null: this process's own.</summary>
    public LoginUser? User { get; init; }
}
