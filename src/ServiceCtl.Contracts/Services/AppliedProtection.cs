namespace ServiceCtl.Contracts;

/// <summary>One key of a service's sandbox, and what holds it on this host.</summary>
public sealed record AppliedProtection
{
    /// <summary><c>no_new_privileges</c>, <c>capabilities</c>, <c>private_tmp</c>, <c>protect_home</c> or <c>read_only</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>yes</c>; the capabilities that are kept; the paths that are read-only.</summary>
    public required string Value { get; init; }

    /// <summary><c>prctl</c>, <c>bounding set</c> or <c>mount namespace</c>. Null: not in force.</summary>
    public string? By { get; init; }

    /// <summary>Why it is not in force, or not all of it.</summary>
    public string? Note { get; init; }

    public override string ToString() => $"{Name} {Value}: {By ?? "not in force"}{(Note is null ? "" : $" ({Note})")}";
}
