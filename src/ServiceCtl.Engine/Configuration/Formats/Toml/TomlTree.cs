using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using Tomlyn.Syntax;

namespace ServiceCtl.Engine.Configuration.Formats.Toml;

/// <summary>Turns Tomlyn's tree into ours: texts unquoted, all else as it was written, every key and value with its place.</summary>
internal sealed class TomlTree
{
    private readonly SourceText _text;
    private readonly CancellationToken _cancellation;
    private readonly TomlTables _tables;
    private readonly List<int> _lineStarts = [0];

    public TomlTree(SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        _text = text;
        _cancellation = cancellation;
        _tables = new TomlTables(text.At(1, 1), problems);
        for (var at = text.Text.IndexOf('\n'); at >= 0; at = text.Text.IndexOf('\n', at + 1))
            _lineStarts.Add(at + 1);
    }

    /// <exception cref="MalformedSourceException">A table is given twice, or something is too deep or too much.</exception>
    public ConfigMapping Read(DocumentSyntax document)
    {
        foreach (var entry in document.KeyValues)
            Read(entry, _tables.Root);
        foreach (var section in document.Tables)
        {
            _cancellation.ThrowIfCancellationRequested();
            var path = PathOf(section.Name!);
            var origin = OriginOf(section);
            var table = section is TableArraySyntax ? _tables.OpenNext(path, origin) : _tables.Open(path, origin);
            foreach (var entry in section.Items)
                Read(entry, table);
        }

        return _tables.Root.Build();
    }

    private void Read(KeyValueSyntax entry, TableBuilder table)
    {
        _cancellation.ThrowIfCancellationRequested();
        var path = PathOf(entry.Key!);
        var holder = _tables.Holder(table, path);
        var value = Read(entry.Value!, (holder ?? table).Depth + 1);
        if (holder is not null)
            _tables.Set(holder, path[^1], value);
    }

    private List<(string Key, Origin Origin)> PathOf(KeySyntax key)
    {
        var path = new List<(string, Origin)> { (NameOf(key.Key!), OriginOf(key.Key!)) };
        foreach (var part in key.DotKeys)
        {
            var origin = OriginOf(part.Key!);
            if (path.Count >= ConfigurationLimits.Depth - 1)
                throw TomlTables.TooDeep(origin);
            path.Add((NameOf(part.Key!), origin));
        }

        return path;
    }

    private static string NameOf(BareKeyOrStringValueSyntax key) =>
        key is StringValueSyntax quoted ? quoted.Value! : ((BareKeySyntax)key).Key!.Text!;

    private ConfigValue Read(ValueSyntax value, int depth)
    {
        var origin = OriginOf(value);
        _tables.Count(origin, depth);
        return value switch
        {
            StringValueSyntax text => new ConfigScalar(text.Value!, ScalarKind.Text, origin, isQuoted: true),
            BooleanValueSyntax truth => new ConfigScalar(truth.Token!.Text!, ScalarKind.Boolean, origin),
            IntegerValueSyntax number => ReadInteger(number.Token!.Text!, origin),
            FloatValueSyntax number => new ConfigScalar(FloatOf(number.Token!.Text!), ScalarKind.Float, origin),
            DateTimeValueSyntax time => new ConfigScalar(time.Token!.Text!, ScalarKind.Text, origin),
            ArraySyntax list => new ConfigSequence([.. ItemsOf(list).Select(item => Read(item, depth + 1))], origin),
            InlineTableSyntax table => ReadTable(table, origin, depth),
            _ => throw new InvalidOperationException($"Tomlyn has a kind of value that is not known here: {value.Kind}."),
        };
    }

    private static IEnumerable<ValueSyntax> ItemsOf(ArraySyntax list)
    {
        foreach (var item in list.Items)
            yield return item.Value!;
    }

    private ConfigMapping ReadTable(InlineTableSyntax syntax, Origin origin, int depth)
    {
        var table = new TableBuilder(origin, depth);
        foreach (var item in syntax.Items)
            Read(item.KeyValue!, table);
        return table.Build();
    }

    private static ConfigScalar ReadInteger(string text, Origin origin) => ScalarText.TryReadInteger(text, out _)
        ? new ConfigScalar(text, ScalarKind.Integer, origin)
        : throw new MalformedSourceException(origin, "The number does not fit into 64 bits.", "Put it in quotes if it is text.");

    // The other formats, and so the types of keys, write these with a dot.
    private static string FloatOf(string text) => text.TrimStart('+', '-') switch
    {
        "inf" => text[0] == '-' ? "-.inf" : ".inf",
        "nan" => ".nan",
        _ => text,
    };

    // Tomlyn counts columns in characters of Unicode, offsets in UTF-16 units.
    private Origin OriginOf(SyntaxNode node)
    {
        var start = node.Span.Start;
        return _text.At(start.Line + 1, start.Offset - _lineStarts[start.Line] + 1);
    }
}
