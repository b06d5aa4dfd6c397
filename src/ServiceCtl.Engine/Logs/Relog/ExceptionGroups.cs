using System.Text;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What <c>exceptions.log</c> holds, by type and place of the exceptions.</summary>
internal sealed class ExceptionGroups
{
    /// <summary>Types and places that are told apart. What is over counts as one of its own: memory stays bounded.</summary>
    internal const int MostGroups = 2000;

    private const int LongestKey = 2048;

    private static readonly byte[] Unknown = "?"u8.ToArray();

    private readonly Dictionary<string, ExceptionGroup> _groups = [];
    private readonly Dictionary<string, ExceptionGroup>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    internal ExceptionGroups()
    {
        _lookup = _groups.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    internal IEnumerable<ExceptionGroup> All => _groups.Values;

    internal void Clear() => _groups.Clear();

    /// <summary>Takes on a group that was kept.</summary>
    internal void Restore(ExceptionGroup group) => _groups[group.Key] = group;

    /// <summary>Counts the exceptions of an entry: the last one of a chain, or all of those that are mixed.</summary>
    /// <returns>How many.</returns>
    internal int Add(LogEntry entry)
    {
        bool isMixed = entry.Marks.HasFlag(EntryMarks.Interleaved);
        int cut = entry.Marks.HasFlag(EntryMarks.Unfinished) && !entry.IsGroupNamed ? entry.Open : 0;
        int first = isMixed ? 0 : cut > 0 ? entry.Ends.Count : Math.Max(entry.Ends.Count - 1, 0);
        for (int i = first; i < entry.Ends.Count; i++)
            Add(entry, entry.Bytes[entry.Ends[i].Exception], entry.Ends[i].Frame);
        for (int i = 0; i < cut; i++)
            Add(entry, Unknown, isMixed ? null : entry.Frame);
        return entry.Ends.Count - first + cut;
    }

    private void Add(LogEntry entry, ReadOnlySpan<byte> exception, Range? frame)
    {
        ReadOnlySpan<byte> place = frame is { } known ? entry.Bytes[known] : [];
        int colon = exception.IndexOf((byte)':');
        ReadOnlySpan<byte> type = colon < 0 ? exception : exception[..colon];
        Span<char> key = stackalloc char[LongestKey];
        int length = Encoding.Latin1.GetChars(type[..Math.Min(type.Length, LongestKey / 2)], key);
        key[length++] = '\n';
        length += Encoding.Latin1.GetChars(place[..Math.Min(place.Length, LongestKey - length)], key[length..]);
        if (!_lookup.TryGetValue(key[..length], out ExceptionGroup? group))
            group = Make(new string(key[..length]), type, place);
        group.Count(entry, exception);
    }

    private ExceptionGroup Make(string key, ReadOnlySpan<byte> type, ReadOnlySpan<byte> place)
    {
        if (_groups.Count >= MostGroups)
        {
            key = "";
            type = "(others)"u8;
            place = [];
            if (_groups.TryGetValue(key, out ExceptionGroup? others))
                return others;
        }

        return _groups[key] = new ExceptionGroup
        {
            Key = key,
            Type = ExceptionText.Text(type),
            Place = place.IsEmpty ? null : ExceptionText.Place(place),
        };
    }
}
