namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>How a generation was ended for good.</summary>
public sealed record EndReport
{
    /// <summary>Those that were found beside the main process, and are gone.</summary>
    public required IReadOnlyList<ScopeMember> Ended { get; init; }

    /// <summary>Those of the generation that still live at the end of the time, each with the reason.</summary>
    public required IReadOnlyList<ScopeMember> Remaining { get; init; }

    /// <summary>
    /// Children of this process that nobody here started, that are younger than the generation and carry no sign of any: it may have left
    /// them behind, or another one. They are left alone. Always empty where the main process entered a cgroup by itself.
    /// </summary>
    public required IReadOnlyList<ScopeMember> Unattributed { get; init; }

    public bool IsComplete => Remaining.Count == 0;
}
