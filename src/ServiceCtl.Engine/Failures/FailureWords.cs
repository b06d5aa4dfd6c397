using System.Globalization;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Failures;

/// <summary>What exit codes and signals mean, in words.</summary>
public static class FailureWords
{
    private const int LongestLine = 200;

    /// <summary>
    /// What an exit code usually means: shells' 126 to 127, sysexits.h, and 128 and more for a signal that a shell passes on. Null where
    /// nothing is usual.
    /// </summary>
    public static string? Of(int exit) => exit switch
    {
        2 => "wrong usage or arguments",
        64 => "EX_USAGE: wrong usage",
        65 => "EX_DATAERR: wrong data",
        66 => "EX_NOINPUT: an input can't be read",
        69 => "EX_UNAVAILABLE: something it needs is unavailable",
        70 => "EX_SOFTWARE: a fault in the program",
        71 => "EX_OSERR: operating system error",
        73 => "EX_CANTCREAT: can't create a file",
        74 => "EX_IOERR: reading or writing failed",
        75 => "EX_TEMPFAIL: it may succeed later",
        77 => "EX_NOPERM: permission denied",
        78 => "EX_CONFIG: its configuration is wrong",
        126 => "the program can't be executed",
        127 => "the program was not found",
        > 128 and <= 192 => string.Create(CultureInfo.InvariantCulture,
            $"how a shell reports {Processes.Signals.NameOf(exit - 128)}{(OfSignal(exit - 128) is { } words ? $": {words}" : "")}"),
        _ => null,
    };

    /// <summary>What to do about a program that daemonizes itself.</summary>
    public const string BackgroundRemedy =
        "Run it in the foreground, usually with an option such as --foreground, --no-daemon or daemonize = no. A process that "
        + "daemonizes can't be supervised, so it was ended too.";

    /// <summary>What a signal that ends a process means; null where the name says it all.</summary>
    public static string? OfSignal(int signal) => signal switch
    {
        4 => "illegal instruction",
        6 => "it aborted itself",
        7 => "access to memory that doesn't exist",
        8 => "arithmetic error such as division by zero",
        9 => "killed, by somebody or by the kernel for want of memory",
        11 => "invalid memory access",
        13 => "wrote to a closed pipe",
        15 => "terminated, but not by ServiceCtl",
        24 => "it used up its processor time (RLIMIT_CPU)",
        25 => "a file grew beyond RLIMIT_FSIZE",
        31 => "forbidden system call",
        _ => null,
    };

    /// <summary>The cause of a failure, for the journal and the status.</summary>
    public static string Describe(FailureFacts facts)
    {
        var text = facts switch
        {
            { OutOfMemory: { } kill, Exit: { } exit } => string.Create(CultureInfo.InvariantCulture, $"exit code {exit}; {kill}"),
            { OutOfMemory: { } kill } => kill.ToString(),
            { WentIntoBackground: true } => "it daemonized itself, so it can't be supervised",
            { Exit: { } exit } => string.Create(CultureInfo.InvariantCulture, $"exit code {exit}") + Explain(Of(exit))
                + (facts.Exception is { } type ? $", {type}" : ""),
            { Signal: { } signal } => Processes.Signals.NameOf(signal) + Explain(OfSignal(signal)),
            { Phase: FailurePhase.Start } => "could not be started",
            { IsUnhealthy: true } => "does not answer its health probe",
            { Dependency: { } other } => $"{other}, which it requires, has failed",
            { Exception: { } type, IsEnd: false } => $"{type} in its log{Times(facts.Count)}",
            { Lines: [.., var line], IsEnd: false } => $"it printed {Shorten(line)}{Times(facts.Count)}",
            { Moment: FailureMoment.Recovered } => "serves again",
            _ => "ended for an unknown reason",
        };
        return facts.Moment is not FailureMoment.Failed ? text : facts.Phase switch
        {
            FailurePhase.Start when facts is not { Exit: null, Signal: null, OutOfMemory: null, WentIntoBackground: false } =>
                $"{text}, before it was ready",
            FailurePhase.Stop => $"{text}, when it was asked to end",
            _ => text,
        };

        static string Times(int count) => count < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} times");

        static string Shorten(string line) => line.Length <= LongestLine ? line : $"{line.AsSpan(0, LongestLine)} [...]";

        static string Explain(string? words) => words is null ? "" : $" ({words})";
    }
}
