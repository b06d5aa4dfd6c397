using System.Runtime.CompilerServices;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// Tells what a line is by its bytes alone, so that any part of a log can be looked at by any thread. Knows the records of Python's
/// logging as Flask, gunicorn, uvicorn and Django write them (<c>[time] LEVEL in module: …</c>, <c>[time] [pid] [LEVEL] …</c>,
/// <c>LEVEL:…</c>,
/// <c>time - name - LEVEL - …</c>), request lines and what servers tell of themselves, and all that Python prints of an exception.
/// </summary>
internal static class LineClassifier
{
    /// <summary>Bytes of a line that decide what it is.</summary>
    internal const int Enough = 4096;

    private const byte Escape = 0x1b;

    internal static LineHead Classify(ReadOnlySpan<byte> line)
    {
        line = WithoutEnd(line);
        if (line.IsEmpty)
            return new LineHead(LineKind.Blank);
        return line[0] switch
        {
            (byte)'[' => InBrackets(line),
            (byte)' ' or (byte)'\t' => new LineHead(Indented(line)),
            Escape => Coloured(line),
            _ => new LineHead(Plain(line)),
        };
    }

    /// <summary>Without <c>\n</c> or <c>\r\n</c>.</summary>
    internal static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> line)
    {
        int length = line.Length;
        if (length > 0 && line[length - 1] == (byte)'\n')
            length--;
        if (length > 0 && line[length - 1] == (byte)'\r')
            length--;
        return line[..length];
    }

    /// <summary>Whether it is a request line of uWSGI: <c>[pid: 12|app: 0|req: 1/2] …</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsRequest(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("[pid: "u8))
            return false;
        int at = 6;
        while (at < line.Length && char.IsAsciiDigit((char)line[at]))
            at++;
        return at > 6 && line[at..].StartsWith("|app: "u8);
    }

    private static LineHead InBrackets(ReadOnlySpan<byte> line)
    {
        if (LineTime.Bracketed(line) is var dated and > 0)
            return Dated(line[dated..]);
        int begin = line.StartsWith("[pid: "u8) ? 6 : line.StartsWith("[pid "u8) ? 5 : 1;
        int digits = DigitsAt(line[begin..]);
        if (digits is 0 or > 9)
            return new LineHead(begin == 1 ? ServerLines.Undated(line) : LineKind.Text);
        int pid = Number(line.Slice(begin, digits));
        ReadOnlySpan<byte> rest = line[(begin + digits)..];
        if (rest.StartsWith("|app: "u8))
            return new LineHead(LineKind.Request, pid);
        if (rest.Length < 2 || rest[0] != (byte)']' || rest[1] != (byte)' ')
            return new LineHead(LineKind.Text);
        LineHead text = Classify(rest[2..]);
        return new LineHead(text.Kind, pid, line.Length - rest.Length + 2 + text.Skip, HasOwnPid: true);
    }

    /// <param name="rest">What follows the bracketed time and its space.</param>
    private static LineHead Dated(ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith("- "u8))
            return new LineHead(OfServer(rest[2..]));
        if (rest is [(byte)'"', ..])
            return new LineHead(rest.IndexOf(" HTTP/"u8) > 0 ? LineKind.Request : LineKind.Record);
        int pid = 0;
        if (rest is [(byte)'[', ..])
        {
            int digits = DigitsAt(rest[1..]);
            if (digits is > 0 and < 10 && rest[(1 + digits)..].StartsWith("] "u8))
            {
                pid = Number(rest.Slice(1, digits));
                rest = rest[(digits + 3)..];
            }
        }

        if (rest is [(byte)'[', ..])
            rest = rest[1..];
        LineKind kind = RecordLevel.AtStart(rest, LineKind.Text);
        return new LineHead(kind == LineKind.Text ? RecordLevel.Within(rest) : kind, pid);
    }

    /// <summary>A line that uWSGI dates itself.</summary>
    private static LineKind OfServer(ReadOnlySpan<byte> text) =>
        ServerLines.Noted(text) is var noted and not LineKind.Text ? noted : LineKind.Info;

    private static LineKind Indented(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("  File \""u8))
            return LineKind.Frame;
        ReadOnlySpan<byte> text = line[Spaces(line)..];
        if (text.IsEmpty)
            return LineKind.Blank;
        if (text[0] == (byte)'|' && (text.Length == 1 || text[1] == (byte)' '))
            return LineKind.GroupLine;
        if (text[0] != (byte)'+')
            return text.StartsWith("*** WARNING: you have "u8) ? LineKind.Undated : LineKind.Indented;
        if (text.StartsWith("+ Exception Group Traceback (most recent call last):"u8))
            return LineKind.Group;
        if (!text.StartsWith("+-"u8))
            return LineKind.Indented;
        return text[1..].IndexOfAnyExcept((byte)'-') >= 0 ? LineKind.GroupLine : LineKind.GroupEnd;
    }

    private static LineKind Plain(ReadOnlySpan<byte> line)
    {
        switch (line[0])
        {
            case (byte)'T' when line.SequenceEqual("Traceback (most recent call last):"u8):
                return LineKind.Traceback;
            case (byte)'T' when line.SequenceEqual("The above exception was the direct cause of the following exception:"u8):
            case (byte)'D' when line.SequenceEqual("During handling of the above exception, another exception occurred:"u8):
                return LineKind.Chain;
            case (byte)'"' when line.SequenceEqual("\"\"\""u8):
                return LineKind.Quotes;
            case (byte)'I' when line.StartsWith("Internal Server Error: /"u8):
                return LineKind.Uncaught;
            case (byte)'N' when line.StartsWith("Not Found: /"u8):
            case (byte)'B' when line.StartsWith("Bad Request: /"u8):
                return LineKind.Record;
        }

        if (LineTime.Leading(line) is var leading and > 0)
            return OfServer(line[leading..]);
        if (LineTime.Bare(line) is var bare and > 0)
            return OfBare(line[bare..]);
        if (RecordLevel.AtStart(line, LineKind.Text) is var level and not LineKind.Text)
            return level == LineKind.Info ? LineKind.Undated : level;
        if (ServerLines.Undated(line) is var own and not LineKind.Text)
            return own;
        if (EndsTraceback(line))
            return LineKind.Exception;
        return IsAccess(line) ? LineKind.Request : LineKind.Text;
    }

    /// <summary>Behind a date without brackets, which uWSGI's log-date may be as well.</summary>
    private static LineKind OfBare(ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith("- "u8) && ServerLines.Undated(rest[2..]) is var own and not LineKind.Text)
            return own == LineKind.Undated ? LineKind.Info : own;
        return RecordLevel.Within(rest);
    }

    /// <summary><c>127.0.0.1 - - [01/May/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 5</c>, as gunicorn and werkzeug write it.</summary>
    private static bool IsAccess(ReadOnlySpan<byte> line) =>
        LineTime.OfAccess(line) is var at and > 0 && line[(at + LineTime.Bracketed(line[at..]))..] is [(byte)'"', ..] request
            && request.IndexOf(" HTTP/"u8) > 0;

    /// <summary>
    /// A dotted name that ends the line, or is followed by a colon and a space. It may be local to a function:
    /// <c>f.&lt;locals&gt;.Error</c>.
    /// </summary>
    private static bool EndsTraceback(ReadOnlySpan<byte> line)
    {
        if (!char.IsAsciiLetter((char)line[0]) && line[0] != (byte)'_' && line[0] < 0x80)
            return false;
        for (int i = 1; i < line.Length; i++)
        {
            byte character = line[i];
            if (character == (byte)':')
                return i == line.Length - 1 || line[i + 1] == (byte)' ';
            if (!char.IsAsciiLetterOrDigit((char)character) && character < 0x80
                && character is not ((byte)'_' or (byte)'.' or (byte)'<' or (byte)'>'))
                return false;
        }

        return true;
    }

    private static LineHead Coloured(ReadOnlySpan<byte> line)
    {
        int skip = 0;
        while (skip < line.Length && line[skip] == Escape && line[skip..].IndexOf((byte)'m') is var end and > 0 and < 16)
            skip += end + 1;
        if (skip == 0 || skip == line.Length || line[skip] == Escape)
            return new LineHead(LineKind.Text);
        LineHead text = Classify(line[skip..]);
        return text with { Skip = skip + text.Skip };
    }

    private static int Spaces(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && text[count] == (byte)' ')
            count++;
        return count;
    }

    private static int DigitsAt(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && char.IsAsciiDigit((char)text[count]))
            count++;
        return count;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte digit in digits)
            number = (number * 10) + digit - '0';
        return number;
    }
}
