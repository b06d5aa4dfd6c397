using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats.Toml;

/// <summary>The tables of a TOML file: which one a header or a dotted key means, and what is given twice.</summary>
internal sealed class TomlTables
{
    private const int NodeLimit = ConfigurationLimits.Nodes;

    private readonly ProblemList _problems;

    /// <summary>Tables that a header has named: no second header may, and no dotted key may add to them.</summary>
    private readonly HashSet<TableBuilder> _named = [];

    /// <summary>Tables made by dotted keys, with the table whose keys those were: only its further keys may add to them.</summary>
    private readonly Dictionary<TableBuilder, TableBuilder> _madeByKeys = [];

    private int _nodes;

    public TomlTables(Origin root, ProblemList problems)
    {
        Root = new TableBuilder(root);
        _problems = problems;
    }

    public TableBuilder Root { get; }

    /// <summary><c>[a.b]</c>: the table whose keys follow.</summary>
    /// <exception cref="MalformedSourceException">It has been given already, or can't be there.</exception>
    public TableBuilder Open(IReadOnlyList<(string Key, Origin Origin)> path, Origin origin)
    {
        var table = Parent(path);
        var (key, keyOrigin) = path[^1];
        switch (table.Find(key)?.Content)
        {
            case null:
                var made = NewTable(table, origin);
                table.Set(key, keyOrigin, made);
                _named.Add(made);
                return made;
            case TableBuilder known when _named.Add(known) && !_madeByKeys.ContainsKey(known):
                return known;
            default:
                throw GivenTwice(table, path, "Write its keys below the first one.");
        }
    }

    /// <summary><c>[[a.b]]</c>: a further table of a list.</summary>
    /// <exception cref="MalformedSourceException">Something else has been given there.</exception>
    public TableBuilder OpenNext(IReadOnlyList<(string Key, Origin Origin)> path, Origin origin)
    {
        var table = Parent(path);
        var (key, keyOrigin) = path[^1];
        if (table.Find(key) is { } slot && slot.Content is not List<TableBuilder>)
            throw GivenTwice(table, path, "Only what was begun with `[[…]]` can go on with it.");

        var made = NewTable(table, origin, levels: 2);
        if (table.Find(key)?.Content is List<TableBuilder> tables)
            tables.Add(made);
        else
            table.Set(key, keyOrigin, new List<TableBuilder> { made });
        _named.Add(made);
        return made;
    }

    /// <summary>The table that a dotted key's last part goes to; null when a part before it is taken, which is reported.</summary>
    public TableBuilder? Holder(TableBuilder table, IReadOnlyList<(string Key, Origin Origin)> path)
    {
        var holder = table;
        foreach (var (key, origin) in path.SkipLast(1))
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

    public void Set(TableBuilder holder, (string Key, Origin Origin) last, ConfigValue value)
    {
        if (holder.Find(last.Key) is { } known)
            ReportDuplicate(last.Key, last.Origin, known);
        else
            holder.Set(last.Key, last.Origin, value);
    }

    /// <exception cref="MalformedSourceException">Too deep, or too many.</exception>
    public void Count(Origin origin, int depth)
    {
        if (depth > ConfigurationLimits.Depth)
            throw TooDeep(origin);
        if (++_nodes > NodeLimit)
            throw TooMany(origin);
    }

    public static MalformedSourceException TooDeep(Origin origin) => new(
        origin, $"The nesting is deeper than {ConfigurationLimits.Depth} levels.", "Flatten the structure.");

    public static MalformedSourceException TooMany(Origin origin) => new(
        origin, $"The file holds more than {NodeLimit:N0} keys and values.", "Split the file.");

    /// <param name="parent">The table it will be in.</param>
    /// <param name="origin">Its place.</param>
    /// <param name="levels">How much deeper it is than the parent: 2 in a list.</param>
    private TableBuilder NewTable(TableBuilder parent, Origin origin, int levels = 1)
    {
        Count(origin, parent.Depth + levels);
        return new TableBuilder(origin, parent.Depth + levels);
    }

    /// <summary>The table that holds the last key of a header; the ones on the way are made where they are missing.</summary>
    private TableBuilder Parent(IReadOnlyList<(string Key, Origin Origin)> path)
    {
        var table = Root;
        foreach (var (key, origin) in path.SkipLast(1))
        {
            switch (table.Find(key)?.Content)
            {
                case null:
                    var inner = NewTable(table, origin);
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
                        origin,
                        $"`{key}` can't have a section below it: it is {((ConfigValue)value).Description}, given at "
                            + $"{table.Find(key)!.Value.KeyOrigin.Place}.",
                        "Give one of them another name; what is written in braces is complete.");
            }
        }

        return table;
    }

    private void ReportDuplicate(string key, Origin origin, TableBuilder.Slot known) => _problems.Add(
        origin, key, $"The key `{key}` is given twice, first at {known.KeyOrigin.Place}.",
        "Keep one of them; a section is complete where its header or its braces are.");

    private static MalformedSourceException GivenTwice(TableBuilder table, IReadOnlyList<(string Key, Origin Origin)> path, string advice)
    {
        var name = path.Aggregate("", (joined, next) => KeyPath.Join(joined, next.Key));
        return new MalformedSourceException(
            path[^1].Origin, $"`{name}` is given twice, first at {table.Find(path[^1].Key)!.Value.KeyOrigin.Place}.", advice);
    }
}
