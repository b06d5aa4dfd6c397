using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Failures;

/// <summary>What is known of a failure, and of what follows one.</summary>
public sealed record FailureFacts
{
    public FailureMoment Moment { get; init; }

    /// <summary>Null where no process has ended, and where a signal ended it.</summary>
    public int? Exit { get; init; }

    /// <summary>The number of the signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>Null for what is neither: a service that could not be launched at all.</summary>
    public FailurePhase? Phase { get; init; }

    /// <summary>It lives, and does not answer its health probe.</summary>
    public bool IsUnhealthy { get; init; }

    /// <summary>A process was killed by the kernel for want of memory; null: none was, or nobody knows.</summary>
    public MemoryKill? OutOfMemory { get; init; }

    /// <summary>It put itself into the background, where nobody watches it.</summary>
    public bool WentIntoBackground { get; init; }

    /// <summary>The type of an exception: that it died of, or one in the log of a service that lives.</summary>
    public string? Exception { get; init; }

    /// <summary>The modules by which the exception can be meant, the service's own first.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>The last lines of one that ended; the last line that a rule is about, of one that lives.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>The service that it requires and that has failed.</summary>
    public string? Dependency { get; init; }

    /// <summary>So many at once, as of lines and exceptions.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Has a process ended?</summary>
    public bool IsEnd => Phase is not null;

    /// <summary>
    /// False for an end with exit code 0 that <c>service.restart</c> takes for a good one: only rules that name the code are about it.
    /// </summary>
    public bool HasFailed { get; init; } = true;

    /// <summary>By a clock that nobody sets.</summary>
    public TimeSpan At { get; init; }

    /// <summary>How long it had been serving.</summary>
    public TimeSpan UpFor { get; init; }

    /// <summary>From 0 to 1: decides the jitter.</summary>
    public double Chance { get; init; } = 0.5;
}
