using System.Buffers.Text;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What the line says that tells of an incident.</summary>
/// <param name="Title">Its type, a colon, and what is particular about it: <c>HARAKIRI: worker 1 (pid: 12)</c>.</param>
/// <param name="Pid">The process that was killed, or died; 0 where it does not say.</param>
/// <param name="IsEnd">Whether it tells that the process is gone, so that nothing follows.</param>
internal sealed record IncidentText(string Title, int Pid, bool IsEnd)
{
    internal static IncidentText Read(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = LineClassifier.WithoutEnd(ServerLines.TextOf(line));
        int pid = PidIn(text);
        string words = ExceptionText.Text(text).Trim('*', '!', ' ').Replace(" :( trying respawn ...", "", StringComparison.Ordinal);
        if (text.StartsWith("*** HARAKIRI ON "u8))
            return new IncidentText($"HARAKIRI: {Lower(From(words, "HARAKIRI ON ".Length))}", pid, false);
        if (text.StartsWith("!!! uWSGI process "u8))
            return new IncidentText($"{From(words, words.IndexOf(" got ", StringComparison.Ordinal) + 5)}: {words}", pid, false);
        if (text.StartsWith("Fatal Python error: "u8))
            return new IncidentText(words, 0, false);
        if (text.StartsWith("DAMN ! "u8) || text.StartsWith("OOOPS "u8))
            return new IncidentText($"worker died: {From(words, words.StartsWith('D') ? 7 : 6)}", pid, true);
        if (text.StartsWith("*** uWSGI listen queue "u8))
            return new IncidentText($"listen queue full: {words}", 0, true);
        if (text.IndexOf("NO MERCY"u8) >= 0)
            return new IncidentText($"killed without mercy: {words}", pid, false);
        int timeout = words.IndexOf("WORKER TIMEOUT", StringComparison.Ordinal);
        return timeout >= 0
            ? new IncidentText($"WORKER TIMEOUT: {From(words, timeout + 15).Trim('(', ')')}", pid, false)
            : new IncidentText($"worker died: {AfterLevel(words)}", pid, true);
    }

    /// <summary><c>HARAKIRI [core 0] 127.0.0.1 - GET /slow since 1795965077</c> becomes <c>GET /slow</c>.</summary>
    internal static string? RequestOf(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = ServerLines.TextOf(line);
        if (!text.StartsWith("HARAKIRI [core "u8))
            return null;
        int from = text.IndexOf(" - "u8), to = text.LastIndexOf(" since "u8);
        return from < 0 || to <= from + 3 ? null : ExceptionText.Text(text[(from + 3)..to]);
    }

    /// <summary>The number behind the last <c>pid</c>; <c>uWSGI process 12</c> and <c>Child process [12]</c>, too.</summary>
    private static int PidIn(ReadOnlySpan<byte> text)
    {
        int at = text.LastIndexOf("pid"u8);
        at = at >= 0 ? at : text.IndexOf(" process "u8);
        int digit = at < 0 ? -1 : text[at..].IndexOfAnyInRange((byte)'0', (byte)'9');
        return digit is >= 0 and < 12 && Utf8Parser.TryParse(text[(at + digit)..], out int pid, out _) ? pid : 0;
    }

    /// <summary>Whoever writes a log may end such a line anywhere, and blanks at its end are gone by now.</summary>
    private static string From(string words, int at) => at < words.Length ? words[at..] : "";

    private static string Lower(string words)
    {
        int space = words.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? words : string.Concat(words.AsSpan(0, space).ToString().ToLowerInvariant(), words.AsSpan(space));
    }

    /// <summary>Without time, pid and level.</summary>
    private static string AfterLevel(string words)
    {
        int at = words.IndexOf("Worker ", StringComparison.Ordinal);
        at = at < 0 ? words.IndexOf("Child process ", StringComparison.Ordinal) : at;
        return at < 0 ? words : words[at..];
    }
}
