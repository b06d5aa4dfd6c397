using System.Globalization;

namespace ServiceCtl.Contracts;

/// <summary>That the kernel has killed a process for want of memory.</summary>
public sealed record MemoryKill
{
    /// <summary>The most that the service had; null where the kernel does not tell.</summary>
    public long? UsedBytes { get; init; }

    /// <summary>What it may have at most; null where the host, or what is around the agent, had no more.</summary>
    public long? LimitBytes { get; init; }

    public override string ToString() => "killed by the kernel for want of memory" + (UsedBytes, LimitBytes) switch
    {
        ({ } used, { } limit) => $": {Megabytes(used)} of {Megabytes(limit)}",
        (null, { } limit) => $": it may have {Megabytes(limit)}",
        ({ } used, null) => $": it had {Megabytes(used)}, and there was no more",
        _ => "",
    };

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");
}
