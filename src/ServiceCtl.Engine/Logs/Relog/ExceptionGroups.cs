using System.Text;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What <c>exceptions.log</c> holds, by type and place of the exceptions.</summary>
internal sealed class ExceptionGroups
{
    /// <summary>Types and places that are distinguished. What is over counts as one of its own: memory stays bounded.</summary>
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
        // Frames without a traceback whose exception never came are what a template or a debugger prints.
        if (entry.Ends.Count == 0 && entry.Marks.HasFlag(EntryMarks.Headless))
            return 0;
        bool isMixed = entry.Marks.HasFlag(EntryMarks.Interleaved);
        int cut = entry.Marks.HasFlag(EntryMarks.Unfinished) && !entry.IsGroupNamed ? entry.Open : 0;
        int first = isMixed ? 0 : cut > 0 ? entry.Ends.Count : Math.Max(entry.Ends.Count - 1, 0);
        for (int i = first; i < entry.Ends.Count; i++)
            Add(entry, entry.Bytes[entry.Ends[i].Exception], entry.Ends[i].Frame);
        for (int i = 0; i < cut; i++)
            Add(entry, Unknown, isMixed ? null : entry.Frame);
        return entry.Ends.Count - first + cut;
    }

    /// <summary>Counts an incident, by its type and the request's path.</summary>
    /// <returns>1.</returns>
    internal int AddIncident(LogEntry entry)
    {
        byte[] text = Encoding.UTF8.GetBytes(entry.Incident!);
        ReadOnlySpan<byte> place = entry.Frame is { } frame ? entry.Bytes[frame] : [];
        int colon = text.AsSpan().IndexOf((byte)':');
        string request = entry.Request is { } full
            ? full[..Math.Min(full.IndexOf('?') is var query and >= 0 ? query : full.Length, LongestKey / 2)] : "";
        string key =
            $"{Encoding.Latin1.GetString(text[..colon])}\n"
            + $"{Encoding.Latin1.GetString(place[..Math.Min(place.Length, LongestKey / 2)])}\n{request}";
        ExceptionGroup group = _groups.GetValueOrDefault(key) ?? Make(key, text.AsSpan(0, colon), place, isIncident: true);
        group.Count(entry, text);
        return 1;
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

    private ExceptionGroup Make(string key, ReadOnlySpan<byte> type, ReadOnlySpan<byte> place, bool isIncident = false)
    {
        if (_groups.Count >= MostGroups)
        {
            key = "";
            isIncident = false;
            type = "(others)"u8;
            place = [];
            if (_groups.TryGetValue(key, out ExceptionGroup? others))
                return others;
        }

        return _groups[key] = new ExceptionGroup
        {
            Key = key,
            IsIncident = isIncident,
            Type = ExceptionText.Text(type),
            Place = place.IsEmpty ? null : ExceptionText.Place(place),
        };
    }
}
