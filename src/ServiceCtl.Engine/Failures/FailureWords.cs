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
        2 => "wrong usage, or a command line that it did not understand",
        64 => "EX_USAGE: wrong usage",
        65 => "EX_DATAERR: wrong data",
        66 => "EX_NOINPUT: an input can't be read",
        69 => "EX_UNAVAILABLE: something that it needs is not available",
        70 => "EX_SOFTWARE: a fault in the program",
        71 => "EX_OSERR: the system refused something",
        73 => "EX_CANTCREAT: a file can't be made",
        74 => "EX_IOERR: reading or writing failed",
        75 => "EX_TEMPFAIL: it may succeed later",
        77 => "EX_NOPERM: it lacks a permission",
        78 => "EX_CONFIG: its configuration is wrong",
        126 => "the program can't be executed",
        127 => "the program was not found",
        > 128 and <= 192 => string.Create(CultureInfo.InvariantCulture,
            $"a shell's word for {Processes.Signals.NameOf(exit - 128)}{(OfSignal(exit - 128) is { } words ? $": {words}" : "")}"),
        _ => null,
    };

    /// <summary>What to do about a program that puts itself into the background.</summary>
    public const string BackgroundRemedy =
        "Have it stay in the foreground, mostly by an option such as --foreground, --no-daemon or daemonize = no: what goes into "
        + "the background can't be watched, and was ended with the rest.";

    /// <summary>What a signal that ends a process means; null where the name says it all.</summary>
    public static string? OfSignal(int signal) => signal switch
    {
        4 => "an instruction that this processor does not have",
        6 => "it aborted itself",
        7 => "it reached for memory that is not there",
        8 => "a wrong calculation, such as a division by zero",
        9 => "killed, by somebody or by the kernel for want of memory",
        11 => "it reached for memory that is not its own",
        13 => "it wrote where nobody reads",
        15 => "it was asked to end, and not by ServiceCtl",
        24 => "it used up its processor time (RLIMIT_CPU)",
        25 => "a file grew beyond RLIMIT_FSIZE",
        31 => "a system call that it is not allowed",
        _ => null,
    };

    /// <summary>The cause of a failure, for the journal and the status.</summary>
    public static string Describe(FailureFacts facts)
    {
        var text = facts switch
        {
            { OutOfMemory: { } kill, Exit: { } exit } => string.Create(CultureInfo.InvariantCulture, $"exit code {exit}; {kill}"),
            { OutOfMemory: { } kill } => kill.ToString(),
            { WentIntoBackground: true } => "it put itself into the background, where nobody can watch it",
            { Exit: { } exit } => string.Create(CultureInfo.InvariantCulture, $"exit code {exit}") + Explain(Of(exit))
                + (facts.Exception is { } type ? $", {type}" : ""),
            { Signal: { } signal } => Processes.Signals.NameOf(signal) + Explain(OfSignal(signal)),
            { IsUnhealthy: true } => "does not answer its health probe",
            { Dependency: { } other } => $"{other}, which it requires, has failed",
            { Exception: { } type, IsEnd: false } => $"{type} in its log{Times(facts.Count)}",
            { Lines: [.., var line], IsEnd: false } => $"it printed {Shorten(line)}{Times(facts.Count)}",
            { Moment: FailureMoment.Recovered } => "serves again",
            _ => "ended, and nobody knows how",
        };
        return facts.Moment is not FailureMoment.Failed ? text : facts.Phase switch
        {
            FailurePhase.Start => $"{text}, before it was ready",
            FailurePhase.Stop => $"{text}, when it was asked to end",
            _ => text,
        };

        static string Times(int count) => count < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} times");

        static string Shorten(string line) => line.Length <= LongestLine ? line : $"{line.AsSpan(0, LongestLine)} [...]";

        static string Explain(string? words) => words is null ? "" : $" ({words})";
    }
}
