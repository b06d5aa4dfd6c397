namespace ServiceCtl.Contracts;

/// <summary>One configured limit of a service, and what holds it on this host.</summary>
public sealed record AppliedLimit
{
    /// <summary><c>memory</c>, <c>cpu</c>, <c>open_files</c> or <c>processes</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What is in force, or was wished for where nothing is: bytes of memory, percent of one core, a number of files or of processes.
    /// </summary>
    public required double Value { get; init; }

    /// <summary><c>cgroup v2</c>, <c>cgroup v1</c>: of the whole generation. <c>rlimit</c>: see the note. Null: not in force.</summary>
    public string? By { get; init; }

    /// <summary>Why it is not in force, or how it differs from what one would expect of it.</summary>
    public string? Note { get; init; }

    public override string ToString() => $"{Name} {Value}: {By ?? "not in force"}{(Note is null ? "" : $" ({Note})")}";
}
