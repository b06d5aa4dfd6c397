namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>What one generation of a service may use. Null: no limit of ours.</summary>
public sealed record ScopeLimits
{
    public static readonly ScopeLimits None = new();

    /// <summary>At least 1.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Of one core, so that 250 is two and a half cores. Above 0.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Of each process. At least 1.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Processes and threads together, as the kernel counts them. At least 1.</summary>
    public int? Processes { get; init; }
}
