namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>Which generation of which service a scope is for.</summary>
public sealed record ScopeSpec
{
    /// <summary>A valid service name: it becomes the name of a cgroup.</summary>
    public required string Service { get; init; }

    public required int Generation { get; init; }

    /// <summary>
    /// Which of several processes of the generation, from 0. Each has a scope of its own, so that one can end without the others.
    /// </summary>
    public int Instance { get; init; }

    public ScopeLimits Limits { get; init; } = ScopeLimits.None;

    /// <summary>
    /// Whether it is to be told from others who was killed for want of memory, also where nothing limits it. Where the memory controller is
    /// one of version 1, that takes a group of its own.
    /// </summary>
    public bool CountsMemory { get; init; }

    public ScopeSandbox Sandbox { get; init; } = ScopeSandbox.None;

    /// <summary>Name or number of the user it is to run as. Null: the agent's own.</summary>
    public string? User { get; init; }

    /// <summary>What its new files are not allowed. Null: the agent's.</summary>
    public int? FileMask { get; init; }

    /// <summary>
    /// Whether processes of it run outside of its cgroup, started by somebody else, and are known by their mark alone: those of a
    /// container.
    /// </summary>
    public bool HasOutsiders { get; init; }

    /// <summary>
    /// Whether the main process moves itself into the cgroup before its program begins, through a shell that execs the program: it can't
    /// have forked before. Else the agent moves it at once after the spawn. Costs about half of what the spawn does; where sh is bash, that
    /// adds PWD, SHLVL and _ to the environment. Without effect where there are no cgroups.
    /// </summary>
    public bool EntersByItself { get; init; }
}
