using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Configuration;

/// <summary>The four kinds of text in TOML: <c>"…"</c>, <c>'…'</c>, and both with three quotes over several lines.</summary>
internal static class TomlString
{
    /// <summary>Reads from the opening quote to behind the closing one.</summary>
    public static string Read(TextCursor cursor)
    {
        var opening = cursor.Origin;
        var quote = cursor.Current;
        var isLong = cursor.Peek(1) == quote && cursor.Peek(2) == quote;
        var text = new StringBuilder();
        cursor.Advance(isLong ? 3 : 1);
        if (isLong)
            cursor.AdvanceLine();

        while (!IsClosed(cursor, quote, isLong, text))
        {
            if (cursor.IsAtEnd || (!isLong && cursor.IsAtLineEnd))
            {
                throw new MalformedSourceException(
                    opening, "A quote is opened here and not closed.",
                    isLong ? "Close the text with three quotes." : "Close the quote; text of several lines is in three quotes.");
            }

            if (cursor.Current == '\\' && quote == '"')
            {
                ReadEscape(cursor, isLong, text);
            }
            else
            {
                text.Append(cursor.Current);
                cursor.Advance();
            }
        }

        return text.ToString();
    }

    /// <summary>Moves over the closing quotes. Of up to five, the last three close, and the ones before are text.</summary>
    private static bool IsClosed(TextCursor cursor, char quote, bool isLong, StringBuilder text)
    {
        if (cursor.Current != quote)
            return false;
        if (!isLong)
        {
            cursor.Advance();
            return true;
        }

        var count = 1;
        while (count < 5 && cursor.Peek(count) == quote)
            count++;
        cursor.Advance(count);
        text.Append(quote, count < 3 ? count : count - 3);
        return count >= 3;
    }

    private static void ReadEscape(TextCursor cursor, bool isLong, StringBuilder text)
    {
        var character = cursor.Peek(1) switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => TextCursor.End,
        };
        if (character != TextCursor.End)
        {
            text.Append(character);
            cursor.Advance(2);
        }
        else if (cursor.Peek(1) is 'u' or 'U')
        {
            text.Append(ReadCodePoint(cursor, cursor.Peek(1) == 'u' ? 4 : 8));
        }
        else if (!isLong || !SkipLineEnd(cursor))
        {
            throw cursor.Fault("An unknown escape in a text in double quotes.", "Write `\\\\` for a backslash, or use single quotes.");
        }
    }

    private static string ReadCodePoint(TextCursor cursor, int length)
    {
        var digits = new char[length];
        for (var index = 0; index < length; index++)
            digits[index] = cursor.Peek(2 + index);
        if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
            throw cursor.Fault($"An escape that names no character: `\\{cursor.Peek(1)}` is followed by {length} hexadecimal digits.", "Write the character itself.");
        cursor.Advance(2 + length);
        return new Rune(code).ToString();
    }

    /// <summary>A backslash at the end of a line takes away all blanks and line ends up to the next text.</summary>
    private static bool SkipLineEnd(TextCursor cursor)
    {
        var blanks = 1;
        while (cursor.Peek(blanks) is ' ' or '\t')
            blanks++;
        if (cursor.Peek(blanks) is not ('\n' or '\r'))
            return false;
        cursor.Advance(blanks);
        while (!cursor.IsAtEnd && cursor.Current is ' ' or '\t' or '\n' or '\r')
            cursor.Advance();
        return true;
    }
}
