namespace ServiceCtl.Engine.Configuration;

/// <summary>Reads keys, and values of any kind, from TOML.</summary>
internal sealed class TomlValueReader
{
    private readonly TextCursor _cursor;
    private readonly ProblemList _problems;

    /// <summary>Tables made by dotted keys, with the table whose keys those were: only its further keys may add to them.</summary>
    private readonly Dictionary<TableBuilder, TableBuilder> _madeByKeys = [];

    private int _nodes;

    public TomlValueReader(TextCursor cursor, ProblemList problems)
    {
        _cursor = cursor;
        _problems = problems;
    }

    public bool IsMadeByKeys(TableBuilder table) => _madeByKeys.ContainsKey(table);

    /// <param name="parent">The table it will be in.</param>
    /// <param name="origin">Its place.</param>
    /// <param name="levels">How much deeper it is than the parent: 2 in a list.</param>
    public TableBuilder NewTable(TableBuilder parent, Origin origin, int levels = 1)
    {
        Count(origin, parent.Depth + levels);
        return new TableBuilder(origin, parent.Depth + levels);
    }

    /// <summary><c>a.b."c d"</c>, with blanks around it and its dots.</summary>
    public List<(string Key, Origin Origin)> ReadPath()
    {
        var path = new List<(string, Origin)>();
        while (true)
        {
            _cursor.SkipBlanks();
            var origin = _cursor.Origin;
            path.Add((ReadKey(), origin));
            _cursor.SkipBlanks();
            if (path.Count >= ConfigurationLimits.Depth)
                throw TooDeep(origin);
            if (_cursor.Current != '.')
                return path;
            _cursor.Advance();
        }
    }

    /// <summary><c>a.b = value</c> into a table.</summary>
    public void ReadKeyValue(TableBuilder table)
    {
        var path = ReadPath();
        if (_cursor.Current != '=')
            throw _cursor.Fault("A `=` is missing after the key.", "Write `key = value`; a key with other characters than letters, digits, `_` and `-` is in quotes.");
        _cursor.Advance();
        _cursor.SkipBlanks();

        var holder = Holder(table, path);
        var (key, origin) = path[^1];
        var value = ReadValue((holder ?? table).Depth + 1);
        if (holder is null)
            return;
        if (holder.Find(key) is not { } known)
            holder.Set(key, origin, value);
        else
            ReportDuplicate(key, origin, known);
    }

    /// <summary>The table that a dotted key's last part goes to; null when a part before it is taken, which is reported.</summary>
    private TableBuilder? Holder(TableBuilder table, List<(string Key, Origin Origin)> path)
    {
        var holder = table;
        foreach (var (key, origin) in path[..^1])
        {
            if (holder.Find(key) is not { } known)
            {
                var inner = NewTable(holder, origin);
                _madeByKeys.Add(inner, table);
                holder.Set(key, origin, inner);
                holder = inner;
            }
            else if (known.Content is TableBuilder inner && _madeByKeys.GetValueOrDefault(inner) == table)
            {
                holder = inner;
            }
            else
            {
                ReportDuplicate(key, origin, known);
                return null;
            }
        }

        return holder;
    }

    private void ReportDuplicate(string key, Origin origin, TableBuilder.Slot known) => _problems.Add(
        origin, key, $"The key `{key}` is given twice, first at {known.KeyOrigin.Place}.", "Keep one of them; a section is complete where its header or its braces are.");

    private string ReadKey()
    {
        if (_cursor.Current is '"' or '\'')
        {
            return _cursor.StartsWith("\"\"\"") || _cursor.StartsWith("'''")
                ? throw _cursor.Fault("A key can't be a text of several lines.", "Write it in single quotes or one pair of double quotes.")
                : TomlString.Read(_cursor);
        }

        var start = _cursor.Position;
        while (char.IsAsciiLetterOrDigit(_cursor.Current) || _cursor.Current is '_' or '-')
            _cursor.Advance();
        return _cursor.Position > start
            ? _cursor.Since(start)
            : throw _cursor.Fault("A key is expected here.", "Write `key = value`; a key with other characters than letters, digits, `_` and `-` is in quotes.");
    }

    private ConfigValue ReadValue(int depth)
    {
        var origin = _cursor.Origin;
        Count(origin, depth);
        return _cursor.Current switch
        {
            '"' or '\'' => new ConfigScalar(TomlString.Read(_cursor), ScalarKind.Text, origin, isQuoted: true),
            '[' => ReadArray(origin, depth),
            '{' => ReadInlineTable(origin, depth),
            _ => ReadPlain(origin),
        };
    }

    private ConfigSequence ReadArray(Origin origin, int depth)
    {
        var items = new List<ConfigValue>();
        _cursor.Advance();
        SkipLines();
        while (_cursor.Current != ']')
        {
            items.Add(_cursor.IsAtEnd ? throw Unclosed(origin, "list", ']') : ReadValue(depth + 1));
            SkipLines();
            if (_cursor.Current == ',')
                _cursor.Advance();
            else if (_cursor.Current != ']')
                throw Unclosed(origin, "list", ']');
            SkipLines();
        }

        _cursor.Advance();
        return new ConfigSequence(items, origin);
    }

    private ConfigMapping ReadInlineTable(Origin origin, int depth)
    {
        var table = new TableBuilder(origin, depth);
        _cursor.Advance();
        _cursor.SkipBlanks();
        while (_cursor.Current != '}')
        {
            if (_cursor.IsAtLineEnd)
                throw Unclosed(origin, "table", '}');
            ReadKeyValue(table);
            _cursor.SkipBlanks();
            if (_cursor.Current == '}')
                break;
            if (_cursor.Current != ',')
                throw Unclosed(origin, "table", '}');
            _cursor.Advance();
            _cursor.SkipBlanks();
            if (_cursor.Current == '}')
                throw _cursor.Fault("A comma stands before the end of a table in braces.", "Remove it; TOML 1.0 allows it in lists only.");
        }

        _cursor.Advance();
        return table.Build();
    }

    private ConfigScalar ReadPlain(Origin origin)
    {
        var start = _cursor.Position;
        SkipPlain();
        // A date and its time may have a blank between them.
        if (_cursor.Position - start == 10 && _cursor.Current == ' ' && char.IsAsciiDigit(_cursor.Peek(1)) && _cursor.Since(start)[4] == '-')
        {
            _cursor.Advance();
            SkipPlain();
        }

        return TomlScalar.Read(_cursor.Since(start), origin);
    }

    private void SkipPlain()
    {
        while (char.IsAsciiLetterOrDigit(_cursor.Current) || _cursor.Current is '+' or '-' or '_' or '.' or ':')
            _cursor.Advance();
    }

    private void SkipLines()
    {
        while (true)
        {
            _cursor.SkipBlanks();
            if (_cursor.Current == '#')
                _cursor.SkipToLineEnd();
            if (_cursor.IsAtEnd || !_cursor.IsAtLineEnd)
                return;
            _cursor.AdvanceLine();
        }
    }

    private void Count(Origin origin, int depth)
    {
        if (depth > ConfigurationLimits.Depth)
            throw TooDeep(origin);
        if (++_nodes > ConfigurationLimits.Nodes)
            throw new MalformedSourceException(origin, $"The file holds more than {ConfigurationLimits.Nodes:N0} keys and values.", "Split the file.");
    }

    private MalformedSourceException Unclosed(Origin opening, string what, char close) => _cursor.Fault(
        $"The {what} that begins at {opening.Place} is not closed, or misses a comma.",
        close == ']' ? "Separate its items by `,` and close it with `]`." : "Separate its entries by `,` and close it with `}`, all on one line.");

    private static MalformedSourceException TooDeep(Origin origin) => new(
        origin, $"The nesting is deeper than {ConfigurationLimits.Depth} levels.", "Flatten the structure.");
}
