using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using Tomlyn.Parsing;

namespace ServiceCtl.Engine.Configuration.Formats.Toml;

/// <summary>
/// What Tomlyn finds, in our words. Its own are not shown: they repeat what is in the file, which may be a password without its quotes.
/// Which fault it is, its text says; <c>TomlReaderTests</c> pins each.
/// </summary>
internal static class TomlFault
{
    private const string Values = "Text is in quotes; other values are numbers, true, false, dates, lists in `[…]` and tables in `{…}`.";
    private const string Keys = "Write `key = value`; a key with other characters than letters, digits, `_` and `-` is in quotes.";
    private const string Numbers = "A number has no zeros in front, and `_` only between digits; put it in quotes if it is text.";

    // The first that is in Tomlyn's message counts.
    private static readonly (string Part, string Message, string Advice)[] Known =
    [
        ("maximum depth", $"The nesting is deeper than {ConfigurationLimits.Depth} levels.", "Flatten the structure."),
        ("while parsing inline table", "A table in `{…}` is not closed, or misses a comma.",
            "Separate its entries by `,` and close it with `}`."),
        ("parsing array", "A list in `[…]` is not closed, or misses a comma.", "Separate its items by `,` and close it with `]`."),
        ("Expected end-of-line", "Something follows the end of the value or header on this line.",
            "Put it on a line of its own; text is in quotes, and a comment begins with `#`."),
        ("Expected `=`", "A `=` is missing after the key.", Keys),
        ("Expected `]", "A header is not closed.",
            "Write `[section]`, or `[[list]]`, on a line of its own; a name with other characters than letters, digits, `_` and `-` is "
                + "in quotes."),
        ("parsing a key", "A key is expected here.", Keys),
        ("TOML document", "A key is expected here.", Keys),
        ("base key", "A key is expected here.", Keys),
        ("Missing value", "A value is missing.", Values),
        ("parsing a value", "This is no value of TOML.", Values),
        ("date time", "There is no such date or time.", "Correct it, or put it in quotes if it is text."),
        ("Unable to parse integer", "The number does not fit into 64 bits.", "Put it in quotes if it is text."),
        ("hexadecimal digits", "An escape names no character: `\\x` is followed by 2 hexadecimal digits, `\\u` by 4 and `\\U` by 8.",
            "Write the character itself."),
        ("Unicode scalar", "An escape names no character.", "Write the character itself."),
        ("scape", "An unknown escape in a text in double quotes.", "Write `\\\\` for a backslash, or use single quotes."),
        ("multi-line", "Three quotes are opened here and not closed.", "Close the text with three quotes."),
        ("newline in a string", "A quote is not closed on its line.", "Close the quote; text of several lines is in three quotes."),
        ("End-Of-File found", "A quote is not closed.", "Close the quote; text of several lines is in three quotes."),
        ("leading", "This is no number of TOML.", Numbers),
        ("underscore", "This is no number of TOML.", Numbers),
        ("digit", "This is no number of TOML.", Numbers),
        ("integer", "This is no number of TOML.", Numbers),
    ];

    /// <param name="text">The file.</param>
    /// <param name="line">Tomlyn's, from 0.</param>
    /// <param name="column">Tomlyn's, from 0, in characters of Unicode.</param>
    /// <param name="words">What Tomlyn says.</param>
    /// <param name="last">The last thing that was right, where that is known.</param>
    public static MalformedSourceException Of(SourceText text, int line, int column, string words, TomlParseEvent? last)
    {
        var (part, message, advice) = Known.FirstOrDefault(known => words.Contains(known.Part, StringComparison.Ordinal));
        var origin = text.At(line + 1, UnitsBefore(text.Line(line + 1), column) + 1);
        return part switch
        {
            null => new MalformedSourceException(origin, "This is not TOML.", Keys),
            "multi-line" => new MalformedSourceException(Opening(text, last) ?? origin, message, advice),
            _ => new MalformedSourceException(origin, message, advice),
        };
    }

    /// <summary>Places are in UTF-16 units.</summary>
    private static int UnitsBefore(ReadOnlySpan<char> line, int characters)
    {
        var units = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (characters-- <= 0)
                break;
            units += rune.Utf16SequenceLength;
        }

        return units;
    }

    /// <summary>Where the text is opened that has no end: the first three quotes after what was right.</summary>
    private static Origin? Opening(SourceText text, TomlParseEvent? last)
    {
        if (last is not { Span: { } span })
            return null;
        var rest = text.Text.AsSpan(span.Start.Offset);
        var quotes = rest.IndexOf("\"\"\"");
        var ticks = rest.IndexOf("'''");
        var at = quotes < 0 ? ticks : ticks < 0 ? quotes : Math.Min(quotes, ticks);
        return at < 0 ? null : text.AtIndex(span.Start.Offset + at);
    }
}
