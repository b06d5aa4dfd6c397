using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Logs.Syslog;

/// <summary>One line as syslog's local socket takes it, facility daemon.</summary>
internal static class SyslogMessage
{
    public const int Critical = 2;
    public const int Error = 3;
    public const int Warning = 4;
    public const int Info = 6;
    public const int Debug = 7;

    private const int DaemonFacility = 3 << 3;

    /// <summary>Bytes; rsyslog cuts what is longer (maxMessageSize).</summary>
    private const int Longest = 8 * 1024;

    /// <param name="format">RFC 3164, without the host as logger(1) writes it on the local socket, or RFC 5424.</param>
    /// <param name="severity">One of the constants.</param>
    /// <param name="tag">Whose line it is.</param>
    /// <param name="pid">Of the process, where it is known.</param>
    /// <param name="now">Local time.</param>
    /// <param name="text">The line.</param>
    public static byte[] Of(SyslogFormat format, int severity, string tag, int? pid, DateTimeOffset now, string text)
    {
        var priority = DaemonFacility | severity;
        var message = format == SyslogFormat.Rfc5424
            ? string.Create(CultureInfo.InvariantCulture,
                $"<{priority}>1 {now:yyyy-MM-ddTHH:mm:ss.fffzzz} {Environment.MachineName} {Word(tag)} "
                    + $"{pid?.ToString(CultureInfo.InvariantCulture) ?? "-"} - - {text}")
            : string.Create(CultureInfo.InvariantCulture,
                $"<{priority}>{now:MMM} {now.Day,2} {now:HH:mm:ss} {tag}{(pid is null ? "" : $"[{pid}]")}: {text}");
        var bytes = Encoding.UTF8.GetBytes(message);
        return bytes.Length <= Longest ? bytes : bytes[..Longest];
    }

    /// <summary>APP-NAME: at most 48 printable ASCII characters without blanks.</summary>
    private static string Word(string tag) =>
        string.Concat(tag.Select(letter => letter is > ' ' and <= '~' ? letter : '_').Take(48)) is { Length: > 0 } word ? word : "-";
}
