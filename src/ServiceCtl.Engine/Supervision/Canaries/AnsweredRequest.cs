using System.Buffers.Text;

namespace ServiceCtl.Engine.Supervision.Canaries;

/// <summary>The status in a line by which a server tells of a request that it has answered.</summary>
internal static class AnsweredRequest
{
    /// <returns>
    /// The status of <c>… (HTTP/1.1 200) …</c>, as uWSGI writes it, or of <c>… "GET / HTTP/1.1" 200 …</c>, as gunicorn, uvicorn and
    /// others do; null for any other line.
    /// </returns>
    public static int? StatusOf(ReadOnlySpan<byte> line)
    {
        // Whatever was asked for comes before: the last one is the server's.
        if (line.LastIndexOf(" (HTTP/"u8) is var own and > 0 && line[..own].IndexOf(" => generated "u8) > 0)
            return Number(line[(own + 7)..], "."u8.Length + 2);
        var quoted = line.IndexOf((byte)'"');
        if (quoted < 0)
            return null;
        var rest = line[(quoted + 1)..];
        var protocol = rest.IndexOf(" HTTP/"u8);
        if (protocol < 0)
            return null;
        var end = rest[protocol..].IndexOf("\" "u8);
        return end < 0 ? null : Number(rest[(protocol + end)..], 2);
    }

    private static int? Number(ReadOnlySpan<byte> text, int from)
    {
        if (text.Length < from)
            return null;
        text = text[from..].TrimStart((byte)' ');
        return Utf8Parser.TryParse(text[..Math.Min(3, text.Length)], out int status, out var length) && length == 3
            && status is >= 100 and < 600 ? status : null;
    }
}
