using System.Text;
using System.Text.Json;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats;

/// <summary>JSON with comments and trailing commas, into a tree whose every value knows its place.</summary>
internal ref struct JsonReader
{
    private readonly SourceText _text;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ProblemList _problems;
    private readonly CancellationToken _cancellation;
    private Utf8JsonReader _reader;
    private int _nodes;
    private int _line = 1;
    private int _column = 1;
    private int _placed;

    private JsonReader(SourceText text, ReadOnlySpan<byte> bytes, ProblemList problems, CancellationToken cancellation)
    {
        _text = text;
        _bytes = bytes;
        _problems = problems;
        _cancellation = cancellation;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = ConfigurationLimits.Depth - 1,
        });
    }

    /// <summary>The root of a file.</summary>
    /// <exception cref="MalformedSourceException">The file can't be read to its end.</exception>
    public static ConfigMapping ReadRoot(SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        if (text.Text.AsSpan().Trim().IsEmpty)
            throw new MalformedSourceException(text.At(1, 1), "The file is empty.", "Write `{}` into it if it is meant to be empty.");

        var reader = new JsonReader(text, Encoding.UTF8.GetBytes(text.Text), problems, cancellation);
        try
        {
            reader._reader.Read();
            var root = reader.ReadValue();
            reader._reader.Read();
            return root as ConfigMapping ?? throw new MalformedSourceException(
                root.Origin, $"The file holds {root.Description} where an object is expected.", "Write `{ \"key\": value }`.");
        }
        catch (JsonException exception)
        {
            throw reader.Explain(exception);
        }
    }

    private ConfigValue ReadValue()
    {
        _cancellation.ThrowIfCancellationRequested();
        var origin = Here();
        if (++_nodes > ConfigurationLimits.Nodes)
            throw new MalformedSourceException(origin, $"The file holds more than {ConfigurationLimits.Nodes:N0} keys and values.",
                "Split the file.");
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(origin),
            JsonTokenType.StartArray => ReadArray(origin),
            JsonTokenType.String => new ConfigScalar(ReadString(origin), ScalarKind.Text, origin, isQuoted: true),
            JsonTokenType.Number => ReadNumber(origin),
            JsonTokenType.True => new ConfigScalar("true", ScalarKind.Boolean, origin),
            JsonTokenType.False => new ConfigScalar("false", ScalarKind.Boolean, origin),
            _ => new ConfigScalar("null", ScalarKind.Null, origin),
        };
    }

    private ConfigMapping ReadObject(Origin origin)
    {
        var entries = new OrderedDictionary<string, ConfigEntry>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var keyOrigin = Here();
            var key = ReadString(keyOrigin);
            _reader.Read();
            var value = ReadValue();
            if (!entries.TryAdd(key, new ConfigEntry(key, keyOrigin, value)))
                _problems.Add(keyOrigin, key, $"The key `{key}` is written twice, first at {entries[key].KeyOrigin.Place}.",
                    "Keep one of them.");
        }

        return new ConfigMapping(entries.Values, origin);
    }

    private ConfigSequence ReadArray(Origin origin)
    {
        var items = new List<ConfigValue>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue());
        return new ConfigSequence(items, origin);
    }

    private readonly ConfigScalar ReadNumber(Origin origin)
    {
        var text = Encoding.UTF8.GetString(_reader.ValueSpan);
        return new ConfigScalar(text, text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? ScalarKind.Integer : ScalarKind.Float, origin);
    }

    private readonly string ReadString(Origin origin)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new MalformedSourceException(origin, "The text holds an escape that names no character.",
                "Write the character itself, or a whole surrogate pair.", exception);
        }
    }

    /// <summary>The place of the token. Tokens come in order, so each byte is looked at once.</summary>
    private Origin Here() => PlaceOf((int)_reader.TokenStartIndex);

    private Origin PlaceOf(int index)
    {
        var passed = _bytes[_placed..index];
        _placed = index;
        for (var end = passed.IndexOf((byte)'\n'); end >= 0; end = passed.IndexOf((byte)'\n'))
        {
            _line++;
            _column = 1;
            passed = passed[(end + 1)..];
        }

        _column += Encoding.UTF8.GetCharCount(passed);
        return _text.At(_line, _column);
    }

    private MalformedSourceException Explain(JsonException exception)
    {
        if (exception.Message.StartsWith("Expected end of string", StringComparison.Ordinal))
        {
            // The reader tells where the text ends; what helps is where the quote is.
            var consumed = (int)_reader.BytesConsumed;
            var opening = PlaceOf(consumed + Math.Max(0, _bytes[consumed..].IndexOf((byte)'"')));
            return new MalformedSourceException(opening, "A quote is opened here and not closed.",
                "Close the quote; a line break within a text is written as `\\n`.", exception);
        }

        var offset = OffsetOf(exception);
        var place = PlaceOf(offset);
        if (offset >= _bytes.TrimEnd(" \t\r\n"u8).Length && !exception.Message.Contains("JSON tokens", StringComparison.Ordinal))
            return new MalformedSourceException(place, "The file ends, and a bracket is not closed.",
                "Close each `{` with `}`, and each `[` with `]`.", exception);
        var (_, message, advice) = Known.FirstOrDefault(known => exception.Message.Contains(known.Part, StringComparison.Ordinal));
        return new MalformedSourceException(
            place, message ?? "This is not valid JSON.",
            advice ?? "Check the quotes, commas and brackets of this line and the ones above.", exception);
    }

    /// <summary>The reader counts lines from 0, and columns in bytes.</summary>
    private int OffsetOf(JsonException exception)
    {
        var start = 0;
        for (var line = 0; line < (exception.LineNumber ?? 0); line++)
            start += _bytes[start..].IndexOf((byte)'\n') + 1;
        // It may be before what was placed already: count from the start.
        (_placed, _line, _column) = (0, 1, 1);
        return Math.Min(start + (int)(exception.BytePositionInLine ?? 0), _bytes.Length);
    }

    // Parts of the reader's messages, the more special first.
    private static readonly (string Part, string Message, string Advice)[] Known =
    [
        ("maximum configured depth", $"The nesting is deeper than {ConfigurationLimits.Depth} levels.", "Flatten the structure."),
        ("is invalid within a JSON string", "A text holds a line break or a tab.", "Close the quote, or write `\\n` and `\\t`."),
        ("invalid escapable character", "An unknown escape in a text.", "Write `\\\\` for a backslash."),
        ("hex digit", "An incomplete escape: `\\u` is followed by four hexadecimal digits.", "Write the character itself."),
        ("start of a property name", "A key is expected here.",
            "Keys are in double quotes; remove what stands here, or write `\"key\": value`."),
        ("after a property name", "A `:` is missing after the key.", "Write `\"key\": value`."),
        ("invalid after a value", "A comma is missing, or a bracket is not closed, before this.",
            "Separate values by `,`, and close each `{` and `[`."),
        ("start of a value", "A value is missing or can't begin like this.",
            "Text is in double quotes; other values are numbers, true, false, null, `{…}` and `[…]`."),
        ("start of an object or array", "A `{` or `[` is not closed.", "Close each bracket with its own kind."),
        ("after a single JSON value", "Text follows the end of the object.",
            "Keep one object per file; check whether a bracket above is closed too early."),
        ("leading zero", "A number begins with 0.", "Remove the zeros, or put it in quotes if it is text."),
        ("without a matching open", "A bracket is closed that is not open, or another kind is.",
            "Close each `{` with `}`, and each `[` with `]`."),
        ("invalid end of a number", "A number is written wrongly.", "Put it in quotes if it is text."),
        ("Expected a digit ('0'-'9')", "A number is written wrongly.", "Put it in quotes if it is text."),
        ("comment", "A comment is not closed, or written wrongly.", "Write `// …` or `/* … */`."),
        ("JSON tokens", "The file is empty.", "Write `{}` into it if it is meant to be empty."),
    ];
}
