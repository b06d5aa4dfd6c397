using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using YamlDotNet.Core;

namespace ServiceCtl.Engine.Configuration.Formats.Yaml;

/// <summary>The parser's complaints in the words of somebody who writes a config file.</summary>
internal static partial class YamlFault
{
    private const string QuoteIt = "Put the value in quotes if it is text.";

    private const int LinesSearchedForTab = 20;

    // Parts of the parser's messages, the more special first.
    private static readonly (string Part, string Message, string Advice)[] Known =
    [
        ("invalid tab as indentation", "A tab is used as indentation.", "Indent with spaces; YAML doesn't allow tabs there."),
        ("a tab character that violate", "A tab is used as indentation.", "Indent with spaces; YAML doesn't allow tabs there."),
        ("Mapping values are not allowed", "A `:` stands where no key can be.",
            "Put the value in quotes if it holds `: `, or check the indentation of this line and the one before."),
        ("found invalid mapping", "A second `: ` in one line.",
            "Put the value in quotes if it holds `: `, or check the indentation of this line and the one before."),
        ("could not find expected ':'", "A line that is neither `key: value` nor part of a list.",
            "Write `key: value` with a space after the colon, and check the indentation and the quotes of the lines above."),
        ("did not find expected key", "This line doesn't fit into the mapping around it.",
            "Indent it like the keys beside it, and check that quotes and brackets above are closed."),
        ("did not find expected '-'", "This line doesn't fit into the list around it.",
            "Begin each item with `- `, all at the same indentation."),
        ("Block sequence entries are not allowed", "A list item `- ` can't begin here.",
            "Put each item on a line of its own, below its key."),
        ("flow sequence", "A list in brackets is not closed, or a comma is missing.",
            "Separate the items by `,` and close the list with `]`."),
        ("flow mapping", "A mapping in braces is not closed, or a comma is missing.",
            "Separate the entries by `,` and close the mapping with `}`."),
        ("flow entry", "A comment follows a comma without a space.", "Put a space before `#`."),
        ("quoted scalar, found unexpected end", "A quote is opened here and never closed.", "Close the quote."),
        ("quoted scalar, found unexpected document", "A quote is still open where the document ends.", "Close the quote."),
        ("quoted scalar, found wrong indentation", "A quoted text goes on over several lines, but not indented.",
            "Close the quote, or indent the lines that continue it."),
        ("unknown escape character", "An unknown escape in a text in double quotes.",
            "Write `\\\\` for a backslash, or use single quotes."),
        ("hexadecimal number", "An incomplete escape: `\\x`, `\\u` and `\\U` are followed by 2, 4 and 8 hexadecimal digits.",
            "Write `\\\\` for a backslash, or use single quotes."),
        ("Unicode", "An escape that names no character.", "Write the character itself."),
        ("cannot start any token", "A value can't begin with this character.", QuoteIt),
        ("anchor or alias", "An anchor (`&name`) or alias (`*name`) has no usable name.",
            "Use letters, digits, `-` and `_`; put the value in quotes if it is text (as `'*'`)."),
        ("more than one anchor", "A value has two anchors.", "Keep one of them."),
        ("Anchor before sequence entry", "An anchor stands before a list item `- ` on the same line.", "Write `- &name value`."),
        ("undefined tag handle", "An unknown tag.", "Remove it; only `!join` and YAML's own tags are understood."),
        ("a tag", "A malformed tag.", "Remove it; only `!join` and YAML's own tags are understood. " + QuoteIt),
        ("tags must be valid", "A malformed tag.", "Remove it; only `!join` and YAML's own tags are understood. " + QuoteIt),
        ("end of tag", "A malformed tag.", "Remove it; only `!join` and YAML's own tags are understood. " + QuoteIt),
        ("block scalar", "A text block (`|` or `>`) is written wrongly.",
            "Put nothing but `|`, `>` and their signs on the first line, and indent the lines below evenly."),
        ("directive", "A line that begins with `%` is a directive to YAML, and this is no valid one.", QuoteIt),
        ("incompatible YAML", "The `%YAML` line asks for a version that is not read.", "Remove it."),
        ("Mapping keys are not allowed", "A complex key `? ` can't begin here.", QuoteIt),
        ("comment between adjacent scalars", "A comment stands in the middle of a text.",
            "Put the text in quotes, or the comment above it."),
        ("invalid comment", "A comment follows without a space.", "Put a space before `#`."),
        ("after '...' marker", "Text follows the end marker `...`.", "Remove the marker."),
        ("document start", "Text stands before or after the document.", "Keep one document per file, without `---` in the middle."),
        ("document end", "Text stands before or after the document.",
            "Keep one document per file; check the indentation of the first lines."),
        ("node content", "A value is missing or can't begin like this.", QuoteIt),
    ];

    // These tell the place of the quote as their start and the place of the fault as their end.
    private static readonly string[] PlacedAtTheEnd = ["escape", "hexadecimal", "Unicode"];

    // What an unclosed bracket looks like to the parser, beside the exceptions it doesn't explain at all.
    private static readonly string[] OfBrackets = ["flow sequence, did not", "flow mapping", "expected key", "expected node content"];

    /// <param name="exception">What the parser threw: a YamlException, or in some states an InvalidOperationException without a
    /// place.</param>
    /// <param name="position">Where the parser stood.</param>
    /// <param name="open">The innermost bracket that is open there.</param>
    /// <param name="text">What was parsed.</param>
    public static MalformedSourceException Explain(Exception exception, Mark position, OpenBracket? open, SourceText text)
    {
        var origin = PlaceOf(exception, position, text);
        var line = text.Line(origin.Line ?? 1);
        // A text that goes on over several lines is located by its first one, though the tab is further down.
        for (var number = origin.Line
            ?? 1; number <= (Mentions(exception, ["tab"]) ? origin.Line + LinesSearchedForTab : origin.Line); number++)
        {
            var candidate = text.Line(number);
            var tab = candidate[..^candidate.TrimStart().Length].IndexOf('\t');
            if (tab >= 0)
            {
                return new MalformedSourceException(
                    text.At(number, tab + 1), "A tab is used as indentation.",
                    "Indent with spaces; YAML doesn't allow tabs there.", exception);
            }
        }

        if (open is not null && (exception is not YamlException || Mentions(exception, OfBrackets)))
        {
            return new MalformedSourceException(
                origin, $"The {(open.IsList ? "list" : "mapping")} that begins at {open.Origin.Place} is not closed, or misses a comma.",
                $"Separate its items by `,` and close it with `{(open.IsList ? ']' : '}')}`.", exception);
        }

        if (Mentions(exception, ["expected key", "expected ':'"]) && KeyWithoutSpace().Match(line.ToString()) is { Success: true } match)
        {
            return new MalformedSourceException(
                text.At(origin.Line, match.Length), "A space is missing after the colon.",
                "Write `key: value`; put it in quotes if it is text.", exception);
        }

        var (_, message, advice) = Known.FirstOrDefault(known => Mentions(exception, [known.Part]));
        return new MalformedSourceException(
            origin, message ?? "This is not valid YAML.",
            advice ?? "Check the quotes, brackets and indentation of this line and the ones above.", exception);
    }

    private static Origin PlaceOf(Exception exception, Mark position, SourceText text)
    {
        var mark = exception is YamlException { Start: var start } fault && start != Mark.Empty
            ? Mentions(exception, PlacedAtTheEnd) ? fault.End : start
            : position;
        return text.At(mark.Index, mark.Line, mark.Column);
    }

    private static bool Mentions(Exception exception, ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (exception.Message.Contains(part, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"^\s*[\w.-]+:(?=\S)", RegexOptions.CultureInvariant)]
    private static partial Regex KeyWithoutSpace();
}
