using System.Text;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What the lines of an event say.</summary>
internal static class ExceptionText
{
    /// <summary>Of a message, and of a place: what is longer is nobody's to read in a table.</summary>
    internal const int LongestText = 2000;

    /// <summary><c>… Exception on /p [POST]</c> becomes <c>POST /p</c>; <c>… Error handling request /p</c> becomes <c>/p</c>.</summary>
    internal static string? RequestInHead(ReadOnlySpan<byte> line)
    {
        line = LineClassifier.WithoutEnd(line);
        if (After(line, "Exception on "u8) is { IsEmpty: false } flask && flask.LastIndexOf(" ["u8) is var at and > 0
            && flask[^1] == (byte)']')
            return $"{Text(flask[(at + 2)..^1])} {Text(flask[..at])}";
        if (After(line, "Error handling request "u8) is { IsEmpty: false } gunicorn)
            return Text(gunicorn);
        return After(line, "Internal Server Error: "u8) is { IsEmpty: false } django ? Text(django) : null;
    }

    /// <summary>
    /// The request that was answered with a status of 500 or above, of uWSGI's line or one of an access log: <c>GET /x</c>.
    /// </summary>
    internal static string? FailedRequest(ReadOnlySpan<byte> line)
    {
        int time = TimeInRequest(line);
        if (time < 0)
            return FailedAccess(line);
        int to = line.IndexOf(" => generated "u8), status = line.IndexOf(" (HTTP/"u8);
        if (to < time || status < to || line.Length < status + 12 || line[status + 11] != (byte)'5')
            return null;
        int begin = line[time..to].IndexOf("] "u8);
        return begin < 0 ? null : Text(line[(time + begin + 2)..to]);
    }

    /// <summary>Where a request line of uWSGI has its time; -1 when it is none.</summary>
    internal static int TimeInRequest(ReadOnlySpan<byte> line)
    {
        // With memory-report, it begins later.
        int from = line is [(byte)'{', ..] ? Math.Max(line.IndexOf("|app: "u8), 0) : 0;
        int at = line[from..].IndexOf("} ["u8);
        return at < 0 ? -1 : from + at + 3;
    }

    /// <summary><c>… "GET /x HTTP/1.1" 500 …</c></summary>
    private static string? FailedAccess(ReadOnlySpan<byte> line)
    {
        int protocol = line.IndexOf(" HTTP/"u8), from = line.IndexOf((byte)'"') + 1;
        if (from == 0 || protocol < from)
            return null;
        int end = line[protocol..].IndexOf("\" "u8);
        return end > 0 && line[(protocol + end + 2)..] is [(byte)'5', ..] ? Text(line[from..protocol]) : null;
    }

    /// <summary>Splits <c>ValueError: message</c>.</summary>
    internal static (string Type, string Message) Split(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        return colon < 0 ? (Text(line), "") : (Text(line[..colon]), Text(line[(colon + 1)..]).TrimStart(' '));
    }

    /// <summary><c>File "/srv/app.py", line 12, in f</c> becomes <c>/srv/app.py:12 in f</c>.</summary>
    internal static string Place(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> path = After(frame, "File \""u8);
        int end = path.IndexOf("\", line "u8);
        if (end < 0)
            return Text(frame).Trim(' ');
        ReadOnlySpan<byte> rest = path[(end + 8)..];
        int comma = rest.IndexOf((byte)',');
        return comma < 0 ? $"{Text(path[..end])}:{Text(rest)}" : $"{Text(path[..end])}:{Text(rest[..comma])}{Text(rest[(comma + 1)..])}";
    }

    internal static bool IsOfCompiler(ReadOnlySpan<byte> line) =>
        line.StartsWith("SyntaxError"u8) || line.StartsWith("IndentationError"u8) || line.StartsWith("TabError"u8);

    internal static string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes.Length > LongestText ? bytes[..LongestText] : bytes);

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> line, ReadOnlySpan<byte> words) =>
        line.IndexOf(words) is var at and >= 0 ? line[(at + words.Length)..] : [];
}
