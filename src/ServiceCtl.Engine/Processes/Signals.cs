using System.Globalization;

namespace ServiceCtl.Engine.Processes;

/// <summary>Signals by number and by name. The numbers are those of x64 and arm64.</summary>
public static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Abort = 6;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int Segmentation = 11;
    public const int User2 = 12;
    public const int Pipe = 13;
    public const int Terminate = 15;
    public const int Child = 17;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int WindowSize = 28;

    // glibc keeps 32 and 33 for itself, so that SIGRTMIN, as kill(1) and Python know it, is 34.
    private const int RealTimeFirst = 34;
    private const int RealTimeLast = 64;

    private static readonly string[] Names =
    [
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The name with its prefix, <c>SIGTERM</c>; <c>SIGRTMIN+2</c> for real-time signals; the bare number for anything else.</summary>
    public static string NameOf(int signal) => signal switch
    {
        >= 1 and < 32 => "SIG" + Names[signal],
        RealTimeFirst => "SIGRTMIN",
        > RealTimeFirst and <= RealTimeLast => $"SIGRTMIN+{signal - RealTimeFirst}",
        _ => signal.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Understands <c>TERM</c>, <c>SIGTERM</c>, <c>sigterm</c>, <c>15</c>, <c>RTMIN+2</c>, <c>RTMAX-1</c>, and the older names <c>CLD</c>, <c>IOT</c>, <c>POLL</c>.</summary>
    /// <returns>False for anything that names no signal from 1 to 64.</returns>
    public static bool TryParse(string? text, out int signal)
    {
        signal = 0;
        ReadOnlySpan<char> name = text.AsSpan().Trim();
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            signal = number is >= 1 and <= RealTimeLast ? number : 0;
            return signal != 0;
        }

        if (name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase))
            name = name[3..];
        for (int i = 1; i < Names.Length && signal == 0; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
                signal = i;
        }

        if (signal == 0)
            signal = OlderName(name) ?? RealTime(name) ?? 0;
        return signal != 0;
    }

    private static int? OlderName(ReadOnlySpan<char> name) =>
        name.Equals("CLD", StringComparison.OrdinalIgnoreCase) ? Child
        : name.Equals("IOT", StringComparison.OrdinalIgnoreCase) ? Abort
        : name.Equals("POLL", StringComparison.OrdinalIgnoreCase) ? 29
        : null;

    private static int? RealTime(ReadOnlySpan<char> name)
    {
        int number;
        if (name.StartsWith("RTMIN", StringComparison.OrdinalIgnoreCase))
            number = RealTimeFirst;
        else if (name.StartsWith("RTMAX", StringComparison.OrdinalIgnoreCase))
            number = RealTimeLast;
        else
            return null;

        ReadOnlySpan<char> offset = name[5..];
        if (!offset.IsEmpty)
        {
            if (offset[0] != (number == RealTimeFirst ? '+' : '-')
                || !int.TryParse(offset[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int distance)
                || distance > RealTimeLast - RealTimeFirst)
            {
                return null;
            }

            number += number == RealTimeFirst ? distance : -distance;
        }

        return number;
    }
}
