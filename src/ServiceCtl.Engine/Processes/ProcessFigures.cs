namespace ServiceCtl.Engine.Processes;

/// <summary>One process at one moment, from <c>/proc/PID/stat</c>.</summary>
public sealed record ProcessFigures
{
    internal const long NotTold = long.MaxValue;

    public required int Pid { get; init; }

    public required int ParentPid { get; init; }

    public required int ProcessGroup { get; init; }

    public required int Session { get; init; }

    /// <summary>The kernel's name of it (comm): at most 15 bytes, and any program may change its own.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The letter of proc(5): <c>R</c> running, <c>S</c> sleeping, <c>D</c> in uninterruptible sleep, <c>T</c> stopped, <c>Z</c> zombie, …
    /// </summary>
    public required char State { get; init; }

    /// <summary>Its end has begun: it does nothing more, but what it had open may be open for some milliseconds still.</summary>
    public required bool IsExiting { get; init; }

    /// <summary>When it started, in clock ticks since boot.</summary>
    public required long StartTicks { get; init; }

    public required TimeSpan UserTime { get; init; }

    public required TimeSpan SystemTime { get; init; }

    /// <summary>
    /// Resident memory. The kernel adds it up lazily, so it may be some pages off; shared pages count in every process that has them.
    /// </summary>
    public required long ResidentBytes { get; init; }

    public TimeSpan ProcessorTime => UserTime + SystemTime;

    /// <summary>A zombie, or about to vanish: it runs no more and only its exit status is left.</summary>
    public bool HasEnded => State is 'Z' or 'X' or 'x';

    /// <summary>
    /// Whether it kept waiting whoever asked, so that its start and its times are not known. It lives, then, and counts as young.
    /// </summary>
    public bool IsHeldUp => StartTicks == NotTold;

    public ProcessIdentity Identity => new(Pid, StartTicks);
}
