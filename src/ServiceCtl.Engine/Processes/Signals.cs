using System.Globalization;

namespace ServiceCtl.Engine.Processes;

/// <summary>Signals by number and by name. The numbers are those of x64 and arm64.</summary>
public static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Child = 17;
    public const int Stop = 19;

    // glibc keeps 32 and 33 for itself, so that SIGRTMIN, as kill(1) and Python know it, is 34.
    private const int RealTimeFirst = 34;
    private const int RealTimeLast = 64;

    private static readonly string[] Names =
    [
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>
    /// The name with its prefix, <c>SIGTERM</c>; <c>SIGRTMIN+2</c> for real-time signals; the bare number for anything else.
    /// </summary>
    public static string NameOf(int signal) => signal switch
    {
        >= 1 and < 32 => "SIG" + Names[signal],
        RealTimeFirst => "SIGRTMIN",
        > RealTimeFirst and <= RealTimeLast => $"SIGRTMIN+{signal - RealTimeFirst}",
        _ => signal.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The number of a signal that is given by name, with or without SIG, or by number; null for no signal.</summary>
    public static int? NumberOf(string word)
    {
        var name = word.Trim().ToUpperInvariant();
        for (var number = 1; number <= RealTimeLast; number++)
        {
            if (name == number.ToString(CultureInfo.InvariantCulture) || NameOf(number) == name || NameOf(number) == $"SIG{name}")
                return number;
        }

        return null;
    }
}
