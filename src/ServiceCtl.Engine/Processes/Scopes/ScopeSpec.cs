namespace ServiceCtl.Engine.Processes;

/// <summary>Which generation of which service a scope is for.</summary>
public sealed record ScopeSpec
{
    /// <summary>A valid service name: it becomes the name of a cgroup.</summary>
    public required string Service { get; init; }

    public required int Generation { get; init; }

    public ScopeLimits Limits { get; init; } = ScopeLimits.None;

    /// <summary>Name or number of the user it is to run as. Null: the agent's own.</summary>
    public string? User { get; init; }
}
