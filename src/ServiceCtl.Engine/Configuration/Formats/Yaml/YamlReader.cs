using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceCtl.Engine.Configuration.Formats.Yaml;

/// <summary>
/// YAML 1.1 with <c>!join</c>, into a tree whose every value knows its place.
/// Faults of meaning (duplicate keys, unknown tags and aliases) are collected; a fault of syntax or a limit ends the reading.
/// </summary>
internal sealed class YamlReader
{
    private readonly SourceText _text;
    private readonly ProblemList _problems;
    private readonly YamlMerge _merge;
    private readonly CancellationToken _cancellation;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<string, (Origin Origin, ConfigValue? Value)> _anchors = new(StringComparer.Ordinal);
    private readonly Stack<OpenBracket> _openBrackets = new();
    private Mark _last = new(0, 1, 1);
    private int _readNodes;
    private int _joinedCharacters;

    private YamlReader(SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        _text = text;
        _problems = problems;
        _merge = new YamlMerge(problems);
        _cancellation = cancellation;
        _scanner = new Scanner(new StringReader(text.Text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>The root of a file; an empty mapping when nothing but comments is in it.</summary>
    /// <exception cref="MalformedSourceException">The file can't be read to its end.</exception>
    public static ConfigMapping ReadRoot(SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        var root = new YamlReader(text, problems, cancellation).ReadDocument();
        return root switch
        {
            ConfigMapping mapping => mapping,
            null or ConfigScalar { Kind: ScalarKind.Null } when text.Text.AsSpan().Trim().IsEmpty => throw new MalformedSourceException(
                text.At(1, 1), "The file is empty.", "Write `key: value` lines into it, or `{}` if it is meant to be empty."),
            null or ConfigScalar { Kind: ScalarKind.Null } => ConfigMapping.Empty(text.At(1, 1)),
            _ => throw new MalformedSourceException(
                root.Origin, $"The file holds {root.Description} where a mapping is expected.", "Write `key: value` lines."),
        };
    }

    /// <summary>
    /// A value on its own, as an option or a default has it: a list or mapping when it begins with a bracket, else a scalar as it stands.
    /// </summary>
    /// <exception cref="MalformedSourceException">Brackets that are not closed, and the like.</exception>
    public static ConfigValue ReadValue(string text, Origin origin, ProblemList problems)
    {
        if (text is not (['[', ..] or ['{', ..]))
            return new ConfigScalar(text, ScalarText.KindOf(text), origin);
        var source = new SourceText(origin, text);
        return new YamlReader(source, problems, CancellationToken.None).ReadDocument() ?? new ConfigScalar("", ScalarKind.Null, origin);
    }

    private ConfigValue? ReadDocument()
    {
        Next<StreamStart>();
        if (Next() is StreamEnd)
            return null;
        var root = ReadNode(Next(), depth: 1);
        Next<DocumentEnd>();
        if (Next() is DocumentStart second)
        {
            throw new MalformedSourceException(
                At(second), "A second document begins here.",
                "Keep one document per file: remove the `---` and what follows, or put it into a file of its own.");
        }

        return root;
    }

    private ConfigValue ReadNode(ParsingEvent current, int depth)
    {
        if (depth > ConfigurationLimits.Depth)
            throw TooDeep(At(current));
        if (++_readNodes > ConfigurationLimits.Nodes)
            throw YamlMerge.TooMany(At(current));

        if (current is AnchorAlias alias)
            return ReadAlias(alias);

        // The parser lets some malformed texts through as events in an order that no document has.
        if (current is not NodeEvent node)
            throw Explain(new YamlException(current.Start, current.End, "did not find expected node content"));
        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        if (anchor is not null)
            OpenAnchor(anchor, At(node));

        var tag = YamlTag.Of(node.Tag);
        if (tag == YamlTagKind.Unknown)
        {
            _problems.Add(
                At(node), null, $"The tag `{YamlTag.Display(node.Tag)}` is not understood.",
                "Remove it; only `!join` and YAML's own !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are.");
        }

        var value = node switch
        {
            Scalar scalar => ReadScalar(scalar, tag),
            SequenceStart sequence => ReadSequence(sequence, tag, depth),
            _ => ReadMapping((MappingStart)node, depth),
        };
        if (value.NodeCount > ConfigurationLimits.Nodes)
            throw YamlMerge.TooMany(value.Origin);
        if (value.Depth > ConfigurationLimits.Depth)
            throw TooDeep(value.Origin);
        if (anchor is not null)
            _anchors[anchor] = (_anchors[anchor].Origin, value);
        return value;
    }

    private void OpenAnchor(string name, Origin origin)
    {
        if (!_anchors.TryAdd(name, (origin, null)))
        {
            _problems.Add(
                origin, null, $"The anchor `&{name}` is given twice, first at {_anchors[name].Origin.Place}.",
                "Give one of them another name.");
            _anchors[name] = (origin, null);
        }
    }

    private ConfigValue ReadAlias(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out var anchor))
        {
            _problems.Add(
                At(alias), null, $"The alias `*{name}` names no anchor above it.",
                Suggestion.For(name, _anchors.Keys) is { } near
                    ? $"Did you mean `*{near}`?"
                    : $"Mark the value with `&{name}` where it is first written, or put the text in quotes.");
            return Nothing(At(alias));
        }

        if (anchor.Value is null)
        {
            throw new MalformedSourceException(
                At(alias), $"The alias `*{name}` stands inside the value it names (at {anchor.Origin.Place}), which would never end.",
                "Remove the alias.");
        }

        return anchor.Value;
    }

    private ConfigScalar ReadScalar(Scalar scalar, YamlTagKind tag)
    {
        var origin = At(scalar);
        var quoted = scalar.Style != ScalarStyle.Plain;
        var written = quoted ? ScalarKind.Text : ScalarText.KindOf(scalar.Value);
        if (tag == YamlTagKind.Join)
        {
            _problems.Add(origin, null, "`!join` needs a list.", "Write `!join [first, second]`.");
            return Nothing(origin);
        }

        if (YamlTag.ScalarKind(tag) is not { } wanted)
            return new ConfigScalar(scalar.Value, written, origin, quoted);
        var found = ScalarText.KindOf(scalar.Value);
        if (wanted == ScalarKind.Text || wanted == found)
            return new ConfigScalar(scalar.Value, wanted, origin, quoted);
        if (wanted == ScalarKind.Float && found == ScalarKind.Integer)
            return new ConfigScalar(scalar.Value, found, origin, quoted);
        _problems.Add(
            origin, null, $"The tag `{YamlTag.Display(scalar.Tag)}` doesn't fit its value.", "Remove the tag, or correct the value.");
        return Nothing(origin);
    }

    private ConfigValue ReadSequence(SequenceStart start, YamlTagKind tag, int depth)
    {
        var origin = At(start);
        var isFlow = start.Style == SequenceStyle.Flow;
        if (isFlow)
            _openBrackets.Push(new OpenBracket(origin, IsList: true));
        var items = new List<ConfigValue>();
        for (var current = Next(); current is not SequenceEnd; current = Next())
            items.Add(ReadNode(current, depth + 1));
        if (isFlow)
            _openBrackets.Pop();
        return tag == YamlTagKind.Join ? Join(items, origin) : new ConfigSequence(items, origin);
    }

    private ConfigScalar Join(List<ConfigValue> items, Origin origin)
    {
        foreach (var item in items)
        {
            if (item is ConfigScalar scalar)
            {
                _joinedCharacters += scalar.Text.Length;
                if (_joinedCharacters > ConfigurationLimits.JoinedCharacters)
                {
                    throw new MalformedSourceException(
                        origin, $"The `!join` of this file produce more than {ConfigurationLimits.JoinedCharacters:N0} characters.",
                        "Join less.");
                }
            }
            else
            {
                _problems.Add(item.Origin, null, $"`!join` can't take {item.Description}.",
                    "Give it texts, numbers, aliases of those, or another `!join`.");
            }
        }

        return new ConfigScalar(string.Concat(items.OfType<ConfigScalar>().Select(item => item.Text)), ScalarKind.Text, origin);
    }

    private ConfigMapping ReadMapping(MappingStart start, int depth)
    {
        var origin = At(start);
        var isFlow = start.Style == MappingStyle.Flow;
        if (isFlow)
            _openBrackets.Push(new OpenBracket(origin, IsList: false));
        if (YamlTag.Of(start.Tag) == YamlTagKind.Join)
            _problems.Add(origin, null, "`!join` needs a list.", "Write `!join [first, second]`.");

        var own = new List<ConfigEntry>();
        var keys = new Dictionary<string, Origin>(StringComparer.Ordinal);
        var merged = new OrderedDictionary<string, ConfigEntry>(StringComparer.Ordinal);
        for (var current = Next(); current is not MappingEnd; current = Next())
        {
            var isMerge = current is Scalar { Value: "<<", Style: ScalarStyle.Plain } scalar && YamlTag.Of(scalar.Tag) == YamlTagKind.None;
            var keyOrigin = At(current);
            var key = ReadKey(current, depth);
            var value = ReadNode(Next(), depth + 1);
            if (isMerge)
                _merge.Add(value, keyOrigin, merged);
            else if (key is not null && keys.TryAdd(key, keyOrigin))
                own.Add(new ConfigEntry(key, keyOrigin, value));
            else if (key is not null)
                _problems.Add(keyOrigin, key, $"The key `{key}` is written twice, first at {keys[key].Place}.", "Keep one of them.");
        }

        if (isFlow)
            _openBrackets.Pop();
        return new ConfigMapping(merged.Count == 0 ? own : YamlMerge.Overlay(merged, own), origin);
    }

    private string? ReadKey(ParsingEvent current, int depth)
    {
        var origin = At(current);
        var value = ReadNode(current, depth + 1);
        if (value is ConfigScalar { Text.Length: > 0 } scalar)
            return scalar.Text;
        _problems.Add(
            origin, null,
            value is ConfigScalar ? "A key is missing before the `:`." : $"A key must be text, not {value.Description}.",
            value is ConfigScalar ? "Write `key: value`." : "Put it in quotes if it is text, as with `'{{ name }}'`.");
        return null;
    }

    private T Next<T>()
        where T : ParsingEvent => Next() is T expected ? expected : throw Explain(new InvalidOperationException());

    private ParsingEvent Next()
    {
        _cancellation.ThrowIfCancellationRequested();
        try
        {
            _parser.MoveNext();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Mostly YamlException, but for some malformed texts InvalidOperationException, ArgumentException and others.
            throw Explain(exception);
        }

        var current = _parser.Current!;
        if (current.Start != Mark.Empty)
            _last = current.Start;
        return current;
    }

    private MalformedSourceException Explain(Exception exception) =>
        YamlFault.Explain(exception, _scanner.CurrentPosition, _openBrackets.FirstOrDefault(), _text);

    // Some events of the parser carry no mark (the implicit mapping of `[a: b]`): the one before is near enough.
    private Origin At(ParsingEvent current)
    {
        var mark = current.Start == Mark.Empty ? _last : current.Start;
        return _text.At(mark.Index, mark.Line, mark.Column);
    }

    private static ConfigScalar Nothing(Origin origin) => new("", ScalarKind.Null, origin);

    private static MalformedSourceException TooDeep(Origin origin) => new(
        origin, $"The nesting is deeper than {ConfigurationLimits.Depth} levels.", "Flatten the structure.");
}
