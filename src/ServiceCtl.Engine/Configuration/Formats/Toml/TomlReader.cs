namespace ServiceCtl.Engine.Configuration;

/// <summary>
/// TOML 1.0.0, strictly, into a tree whose every value knows its place: this class reads lines and knows which table they belong to,
/// <see cref="TomlValueReader"/> reads what is on them. A fault of syntax ends the reading; a key that is given twice does not.
/// </summary>
/// <remarks>https://toml.io/en/v1.0.0</remarks>
internal sealed class TomlReader
{
    private readonly TextCursor _cursor;
    private readonly TomlValueReader _values;
    private readonly TableBuilder _root;

    /// <summary>Tables that a header has named: no second header may, and no dotted key may add to them.</summary>
    private readonly HashSet<TableBuilder> _named = [];

    private TableBuilder _current;

    private TomlReader(SourceText text, ProblemList problems)
    {
        _cursor = new TextCursor(text);
        _root = _current = new TableBuilder(text.At(1, 1));
        _values = new TomlValueReader(_cursor, problems);
    }

    /// <summary>The root of a file.</summary>
    /// <exception cref="MalformedSourceException">The file can't be read to its end.</exception>
    public static ConfigMapping ReadRoot(SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        if (text.IsUtf16)
            throw new MalformedSourceException(text.At(1, 1), "The file is UTF-16, and TOML is always UTF-8.", "Save the file as UTF-8.");
        var reader = new TomlReader(text, problems);
        while (!reader._cursor.IsAtEnd)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.ReadLine();
        }

        return reader._root.Build();
    }

    private void ReadLine()
    {
        _cursor.SkipBlanks();
        if (_cursor.StartsWith("[["))
            ReadListHeader();
        else if (_cursor.Current == '[')
            ReadHeader();
        else if (_cursor.Current != '#' && !_cursor.IsAtLineEnd)
            _values.ReadKeyValue(_current);

        _cursor.SkipBlanks();
        if (_cursor.Current == '#')
            _cursor.SkipToLineEnd();
        if (!_cursor.IsAtLineEnd)
            throw _cursor.Fault("Something follows the end of the value or header on this line.", "Put it on a line of its own; text is in quotes, and a comment begins with `#`.");
        _cursor.AdvanceLine();
    }

    private void ReadHeader()
    {
        var origin = _cursor.Origin;
        var path = ReadPath("[", "]");
        var table = Parent(path);
        var (key, keyOrigin) = path[^1];
        switch (table.Find(key)?.Content)
        {
            case null:
                _current = _values.NewTable(table, origin);
                table.Set(key, keyOrigin, _current);
                break;
            case TableBuilder known when !_named.Contains(known) && !_values.IsMadeByKeys(known):
                _current = known;
                break;
            default:
                throw GivenTwice(table, path, "Write its keys below the first one.");
        }

        _named.Add(_current);
    }

    private void ReadListHeader()
    {
        var origin = _cursor.Origin;
        var path = ReadPath("[[", "]]");
        var table = Parent(path);
        var (key, keyOrigin) = path[^1];
        if (table.Find(key) is not { } slot)
            table.Set(key, keyOrigin, new List<TableBuilder> { (_current = _values.NewTable(table, origin, levels: 2)) });
        else if (slot.Content is List<TableBuilder> tables)
            tables.Add(_current = _values.NewTable(table, origin, levels: 2));
        else
            throw GivenTwice(table, path, "Only what was begun with `[[…]]` can go on with it.");
        _named.Add(_current);
    }

    private List<(string Key, Origin Origin)> ReadPath(string open, string close)
    {
        _cursor.Advance(open.Length);
        var path = _values.ReadPath();
        if (!_cursor.StartsWith(close))
            throw _cursor.Fault($"A header is not closed with `{close}`.", $"Write `{open}section{close}` on a line of its own; a name with other characters than letters, digits, `_` and `-` is in quotes.");
        _cursor.Advance(close.Length);
        return path;
    }

    /// <summary>The table that holds the last key of a header; the ones on the way are made where they are missing.</summary>
    private TableBuilder Parent(List<(string Key, Origin Origin)> path)
    {
        var table = _root;
        foreach (var (key, origin) in path[..^1])
        {
            switch (table.Find(key)?.Content)
            {
                case null:
                    var inner = _values.NewTable(table, origin);
                    table.Set(key, origin, inner);
                    table = inner;
                    break;
                case TableBuilder known:
                    table = known;
                    break;
                case List<TableBuilder> tables:
                    table = tables[^1];
                    break;
                case var value:
                    throw new MalformedSourceException(
                        origin, $"`{key}` can't have a section below it: it is {((ConfigValue)value).Description}, given at {table.Find(key)!.Value.KeyOrigin.Place}.",
                        "Give one of them another name; what is written in braces is complete.");
            }
        }

        return table;
    }

    private static MalformedSourceException GivenTwice(TableBuilder table, List<(string Key, Origin Origin)> path, string advice)
    {
        var name = path.Aggregate("", (joined, next) => KeyPath.Join(joined, next.Key));
        return new MalformedSourceException(
            path[^1].Origin, $"`{name}` is given twice, first at {table.Find(path[^1].Key)!.Value.KeyOrigin.Place}.", advice);
    }
}
