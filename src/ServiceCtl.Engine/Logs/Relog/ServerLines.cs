using System.Buffers;
using System.Text;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// Lines that servers write about themselves: those that say nothing of the application, and those that tell of an incident.
/// </summary>
internal static class ServerLines
{
    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>By their first byte. <c>#</c> stands for a number, <c>~</c> for anything.</summary>
    private static readonly byte[][][] Own = ByFirstByte(
        "*** Starting uWSGI ~", "*** Operational MODE: ~", "*** uWSGI is running in ~", "*** WARNING: you are running uWSGI ~",
        "*** WARNING: you have ~", "*** Python threads support is disabled~", "*** Stats server enabled on ~",
        "*** no app loaded. ~", "*** has_emperor mode detected~", "*** running gevent loop engine~",
        "*** ~ has been touched... ~", "[uWSGI] ~", "[uwsgi-~] ~", "[emperor] ~", "[emperor-~] ~", "[spooler ~] ~", "[busyness] ~",
        "[deadlock-detector] ~", "compiled with version: ~", "os: Linux-~", "nodename: ~", "machine: x86_64", "machine: aarch64",
        "clock source: ~", "pcre jit ~abled", "detected number of CPU cores: #", "current working directory: /~",
        "detected binary path: /~", "uWSGI running as root, you can use ~", "your processes number limit is #",
        "your memory page size is # bytes", "detected max file descriptor number: #", "lock engine: ~", "thunder lock: ~",
        "uwsgi socket # ~", "uWSGI ~ bound on ~", "Python version: ~", "Python main interpreter initialized at 0x~",
        "Python auto-reloader enabled", "python threads support enabled", "threads support enabled", "PEP 405 virtualenv detected: ~",
        "Set PythonHome to /~", "added ~ to pythonpath.", "your server socket listen backlog is limited to # connections",
        "your mercy for graceful operations on workers is # seconds", "mapped # bytes (~", "WSGI app # (mountpoint=~", "mounting ~ on /~",
        "spawned uWSGI ~", "Respawned uWSGI ~", "respawned ~ # (pid: #)", "writing pidfile to /~", "chdir() to ~", "setgid() to #",
        "setuid() to #", "dropping root privileges ~", "closing all non-uwsgi socket fds > ~", "found fd # mapped to socket ~",
        "running /~uwsgi~", "running \"~\" (~)...", "gracefully (RE)spawned uWSGI ~", "binary reloading uWSGI...",
        "...gracefully killing workers...", "Gracefully killing worker # (pid: #)...",
        "worker # buried after # seconds", "worker # killed successfully (pid: #)", "worker respawning too fast !!! ~",
        "killing worker # (pid: #)~", "SIGINT/~received...~", "SIGPIPE: writing to a closed pipe/socket/fd ~", "uwsgi_response_~_do()~",
        "VACUUM: ~ removed.", "goodbye to uWSGI.", "The work of process # is done. Seeya!", "...The work of process # is done. Seeya!",
        "building mime-types dictionary from file /~", "initialized # metrics");

    /// <summary>What a line of uWSGI is that has no date.</summary>
    /// <param name="text">Without its line end.</param>
    /// <returns><see cref="LineKind.Text"/> for lines that may be the application's.</returns>
    internal static LineKind Undated(ReadOnlySpan<byte> text)
    {
        if (Noted(text) is var noted and not LineKind.Text)
            return noted;
        // With memory-report, these figures come before a request's line.
        if (text[0] == (byte)'{' && text.StartsWith("{address space usage: "u8) && text.IndexOf("|app: "u8) > 0)
            return LineKind.Request;
        // Points and facts of cordio; an exception among them is logged by itself as well.
        if (text[0] == (byte)'{' && text.StartsWith("{\"kind\":\""u8) && text[^1] == (byte)'}')
            return LineKind.Undated;
        if (text[0] < Own.Length)
        {
            foreach (byte[] pattern in Own[text[0]])
            {
                if (Matches(text, pattern))
                    return LineKind.Undated;
            }
        }

        return LineKind.Text;
    }

    /// <summary>What is worth knowing of a line of uWSGI, whose date, if it had one, was taken off.</summary>
    /// <param name="text">Without its line end.</param>
    /// <returns><see cref="LineKind.Text"/> when there is nothing.</returns>
    internal static LineKind Noted(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return LineKind.Text;
        if (IsIncident(text))
            return LineKind.Incident;
        switch (text[0])
        {
            case (byte)'H' when text.StartsWith("HARAKIRI: -- "u8) || text.StartsWith("HARAKIRI !!! "u8)
                || text.StartsWith("HARAKIRI [core "u8):
            case (byte)'*' when text.StartsWith("*** backtrace of "u8) || text.SequenceEqual("*** end of backtrace ***"u8):
                return LineKind.IncidentPart;
            case (byte)'l' when text.StartsWith("logsize: "u8) && text.IndexOf(", triggering rotation to "u8) > 0:
                return LineKind.Rotation;
        }

        return IsNativeFrame(text) ? LineKind.IncidentPart : LineKind.Text;
    }

    /// <summary>What gunicorn tells of its workers. One that ends because it was asked to has SIGTERM, SIGQUIT or code 0.</summary>
    /// <param name="text">A record behind its level.</param>
    internal static bool IsIncidentOfGunicorn(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("WORKER TIMEOUT (pid:"u8))
            return true;
        if (text.StartsWith("Worker with pid "u8))
            return text.IndexOf(" was terminated due to signal "u8) > 0 && !text.EndsWith(" 15"u8) && !text.EndsWith(" 3"u8);
        if (!text.StartsWith("Worker (pid:"u8))
            return false;
        int sent = text.IndexOf(" was sent SIG"u8);
        return sent < 0 ? text.IndexOf(" exited with code "u8) > 0 : !text[(sent + 13)..].StartsWith("TERM"u8)
            && !text[(sent + 13)..].StartsWith("QUIT"u8);
    }

    /// <summary>Without the date that uWSGI puts before its own lines.</summary>
    internal static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> line)
    {
        if (LineTime.Leading(line) is var leading and > 0)
            return line[leading..];
        return LineTime.Bracketed(line) is var length and > 0 && line[length..].StartsWith("- "u8) ? line[(length + 2)..] : line;
    }

    private static bool IsIncident(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'*' => text.StartsWith("*** HARAKIRI ON "u8) || text.StartsWith("*** uWSGI listen queue of socket "u8),
        (byte)'!' => text.StartsWith("!!! uWSGI process "u8) && text.IndexOf(" got "u8) > 0,
        (byte)'D' => text.StartsWith("DAMN ! "u8),
        (byte)'O' => text.StartsWith("OOOPS "u8) && text.EndsWith("trying respawn..."u8),
        (byte)'F' => text.StartsWith("Fatal Python error: "u8),
        (byte)'w' or (byte)'m' or (byte)'s' => text.EndsWith(" is taking too much time to die...NO MERCY !!!"u8),
        _ => false,
    };

    /// <summary><c>uwsgi(uwsgi_backtrace+0x2f) [0x562e00e264df]</c></summary>
    private static bool IsNativeFrame(ReadOnlySpan<byte> text) =>
        text[^1] == (byte)']' && text.LastIndexOf(") [0x"u8) is var at and > 0 && text[(at + 5)..^1].IndexOfAnyExcept(Hexadecimal) < 0;

    private static bool Matches(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern)
    {
        int at = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case (byte)'#':
                    int digits = at;
                    while (at < text.Length && char.IsAsciiDigit((char)text[at]))
                        at++;
                    if (at == digits)
                        return false;
                    break;
                case (byte)'~' when i + 1 == pattern.Length:
                    return true;
                case (byte)'~':
                    ReadOnlySpan<byte> rest = pattern[(i + 1)..];
                    for (int from = at; from <= text.Length; from++)
                    {
                        if (Matches(text[from..], rest))
                            return true;
                    }

                    return false;
                default:
                    if (at == text.Length || text[at++] != pattern[i])
                        return false;
                    break;
            }
        }

        return at == text.Length;
    }

    private static byte[][][] ByFirstByte(params string[] patterns)
    {
        byte[][][] table = new byte[128][][];
        for (int first = 0; first < table.Length; first++)
            table[first] = [.. patterns.Where(pattern => pattern[0] == first).Select(Encoding.ASCII.GetBytes)];
        return table;
    }
}
