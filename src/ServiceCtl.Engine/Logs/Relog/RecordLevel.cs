using System.Buffers;
using System.Text;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// The level of a record of Python's logging, and what its message makes of it: what a framework says of an exception is more than an
/// error.
/// </summary>
internal static class RecordLevel
{
    private const int LongestLevel = 8;

    /// <summary>Words before the level of a record; one that comes later is a part of its message.</summary>
    private const int FarthestLevel = 4;

    /// <summary>Bytes behind a level in which a framework's words begin.</summary>
    private const int FarthestText = 300;

    private static readonly SearchValues<byte> Separators = SearchValues.Create(" []|:"u8);

    /// <summary>The level that a line begins with.</summary>
    internal static LineKind AtStart(ReadOnlySpan<byte> text, LineKind otherwise)
    {
        int length = text[..Math.Min(text.Length, LongestLevel + 1)].IndexOfAny((byte)' ', (byte)']', (byte)':');
        LineKind level = length < 0 ? LineKind.Text : Level(text[..length]);
        return level == LineKind.Text ? otherwise : WithText(level, text[length..]);
    }

    /// <summary>The level of a record that has something else before it: the logger's name, the process.</summary>
    internal static LineKind Within(ReadOnlySpan<byte> text)
    {
        int words = 0;
        for (int at = 0; at < text.Length && words < FarthestLevel;)
        {
            int length = text[at..].IndexOfAny(Separators);
            length = length < 0 ? text.Length - at : length;
            ReadOnlySpan<byte> word = text.Slice(at, length);
            // structlog has it in small letters, between brackets.
            bool mayBeSmall = at > 0 && text[at - 1] == (byte)'[' && length <= LongestLevel;
            LineKind level = Level(mayBeSmall ? Upper(word) : word);
            if (level != LineKind.Text && at + length < text.Length)
                return WithText(level, text[(at + length)..]);
            words += word.IsEmpty || word.SequenceEqual("-"u8) ? 0 : 1;
            at += length + 1;
        }

        return LineKind.Record;
    }

    private static LineKind WithText(LineKind level, ReadOnlySpan<byte> rest)
    {
        if (level == LineKind.Error && IsUncaught(rest))
            return LineKind.Uncaught;
        ReadOnlySpan<byte> text = rest.TrimStart(" ]:"u8);
        bool isIncident = text switch
        {
            [(byte)'W', ..] => ServerLines.IsIncidentOfGunicorn(text),
            [(byte)'C', ..] => text.StartsWith("Child process ["u8) && text.EndsWith("] died"u8),
            _ => false,
        };
        return isIncident ? LineKind.Incident : level;
    }

    private static LineKind Level(ReadOnlySpan<byte> word) => word switch
    {
        [(byte)'I', ..] when word.SequenceEqual("INFO"u8) => LineKind.Info,
        [(byte)'E', ..] when word.SequenceEqual("ERROR"u8) => LineKind.Error,
        [(byte)'W', ..] when word.SequenceEqual("WARNING"u8) => LineKind.Record,
        [(byte)'D', ..] when word.SequenceEqual("DEBUG"u8) => LineKind.Record,
        [(byte)'C', ..] when word.SequenceEqual("CRITICAL"u8) => LineKind.Record,
        _ => LineKind.Text,
    };

    private static ReadOnlySpan<byte> Upper(ReadOnlySpan<byte> word)
    {
        byte[] upper = new byte[word.Length];
        return Ascii.ToUpper(word, upper, out _) == OperationStatus.Done ? upper : word;
    }

    /// <summary>
    /// Flask: <c> in app: Exception on /p [POST]</c>; gunicorn: <c>] Error handling request /p</c>; uvicorn: <c>:    Exception in ASGI
    /// application</c>; Django: <c>Internal Server Error: /p</c>. Behind the level, and what formats put there.
    /// </summary>
    private static bool IsUncaught(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(rest.Length, FarthestText)];
        return Begins(rest, "Exception on "u8) || Begins(rest, "Error handling request "u8)
            || Begins(rest, "Exception in ASGI application"u8)
            || Begins(rest, "Exception in worker process"u8) || Begins(rest, "Internal Server Error: /"u8);
    }

    /// <summary>Whether the words begin the message, and are not quoted in it.</summary>
    private static bool Begins(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> words)
    {
        int at = rest.IndexOf(words);
        if (at <= 0)
            return false;
        ReadOnlySpan<byte> before = rest[..at].TrimEnd((byte)' ');
        bool isFirst = before.IsEmpty || before[^1] is (byte)':' or (byte)'-' or (byte)']' or (byte)'|'
            || char.IsAsciiDigit((char)before[^1]);
        return isFirst && before.IndexOfAny("{\"'"u8) < 0;
    }
}
