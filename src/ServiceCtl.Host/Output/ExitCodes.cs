namespace ServiceCtl.Host.Output;

/// <summary>The exit codes of <c>servicectl</c>. Help, man pages and docs/reference/exit-codes.md print <see cref="All"/>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Something that was asked for failed, wholly or in part.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong; nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary>A service that was asked for, or the agent, is not running. The LSB's number for "program is not running".</summary>
    public const int NotRunning = 3;

    /// <summary>Ended by Ctrl+C, as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>The runtime ends with it before any code of ours runs, where its own two threads can't be had.</summary>
    public const int NoThread = 255;

    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Success, "Success."),
        (Failed, "Something failed, for one service or for all; standard error says what."),
        (Usage, "The command line was wrong: an unknown verb or option, or a bad value. Nothing was changed."),
        (NotRunning, "Only from 'status' and 'agent status': a service that was asked for, or the agent, is not running."),
        (Interrupted, "Interrupted by Ctrl+C. 'exec' passes on the code of its command."),
        (NoThread, "Without a word: this user or container may have not one more thread ('ulimit -u', 'pids.max'), or no memory."),
    ];
}
