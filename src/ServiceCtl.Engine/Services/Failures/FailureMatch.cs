using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Which failures a rule is about: everything that is given has to be so. Nothing given: each failure.</summary>
public sealed record FailureMatch
{
    /// <summary>Exit codes, any of them.</summary>
    public IReadOnlyList<int> Exits { get; init; } = [];

    /// <summary>Numbers of signals, any of them.</summary>
    public IReadOnlyList<int> Signals { get; init; } = [];

    public FailurePhase? Phase { get; init; }

    /// <summary>Is it about a service that lives, and does not answer its health probe?</summary>
    public bool IsUnhealthy { get; init; }

    /// <summary>Was a process killed by the kernel for want of memory? Null: either.</summary>
    public bool? OutOfMemory { get; init; }

    /// <summary>Types of exceptions as Python prints them, with <c>*</c> and <c>?</c>; any of them.</summary>
    public IReadOnlyList<string> Exceptions { get; init; } = [];

    /// <summary>
    /// Modules, with <c>*</c> and <c>?</c>, any of them: that raised the exception, of the service's own code that led there, or of the
    /// exception's type.
    /// </summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>A line that it prints, or, about an end, one of its last; linear in time, whatever the line.</summary>
    public Regex? Log { get; init; }

    /// <summary>Services that it requires and that have failed, with <c>*</c> and <c>?</c>; any of them.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    /// <summary>Does it name something that only a process has that has ended?</summary>
    public bool IsAboutEnd => Exits.Count > 0 || Signals.Count > 0 || Phase is not null || OutOfMemory is not null;

    /// <summary>Is it about exceptions?</summary>
    public bool NeedsExceptions => Exceptions.Count > 0 || Modules.Count > 0;

    /// <summary>Has the log to be read for it while the service runs?</summary>
    public bool NeedsLog => NeedsExceptions || (Log is not null && !IsAboutEnd);

    public FailureMoment Moment { get; init; }

    /// <summary>So many within this time; the rule has matched none of them before, and counts from nothing after.</summary>
    public Rate? Rate { get; init; }

    /// <summary>As it is written in a configuration.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            .. Exits.Count > 0 ? [$"exit {string.Join(", ", Exits)}"] : Array.Empty<string>(),
            .. Signals.Count > 0 ? [$"signal {string.Join(", ", Signals.Select(Processes.Signals.NameOf))}"] : Array.Empty<string>(),
            .. Phase is { } phase ? [$"phase {phase.ToString().ToLowerInvariant()}"] : Array.Empty<string>(),
            .. IsUnhealthy ? ["health failing"] : Array.Empty<string>(),
            .. OutOfMemory is { } oom ? [oom ? "out of memory" : "not out of memory"] : Array.Empty<string>(),
            .. Exceptions.Count > 0 ? [$"exception {string.Join(", ", Exceptions)}"] : Array.Empty<string>(),
            .. Modules.Count > 0 ? [$"module {string.Join(", ", Modules)}"] : Array.Empty<string>(),
            .. Log is { } log ? [$"log /{log}/"] : Array.Empty<string>(),
            .. Dependencies.Count > 0 ? [$"dependency {string.Join(", ", Dependencies)}"] : Array.Empty<string>(),
            .. Moment is FailureMoment.Failed ? Array.Empty<string>() : [Moment is FailureMoment.GivenUp ? "given up" : "recovered"],
            .. Rate is { } rate ? [$"{rate.Count} in {rate.Window.TotalSeconds:0.###} s"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "each failure" : string.Join("; ", parts);
    }
}
