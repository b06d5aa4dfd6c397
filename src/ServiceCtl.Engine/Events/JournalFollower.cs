using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Events;

/// <summary>
/// Reads what the journal got since the last look. Numbers have no gaps: where one shows, the file was changed for the next one meanwhile,
/// and all that is there is read again.
/// </summary>
internal sealed class JournalFollower(string path)
{
    private long _offset;
    private long _last;

    /// <summary>The number of the last event that was read.</summary>
    public long Last => _last;

    /// <summary>The next look finds everything that is there.</summary>
    public void Rewind() => (_offset, _last) = (0, 0);

    /// <summary>Those that are new, oldest first.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public IReadOnlyList<ServiceEvent> Read()
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return [];
        if (_offset > 0 && file.Length == _offset)
            return [];
        if (_offset > 0 && file.Length > _offset && ReadFrom(_offset) is ({ Count: > 0 } rest, var end) && rest[0].Sequence == _last + 1)
            return Take(rest, end);

        // This one first: when it becomes the old one meanwhile, that holds what was read here, and more, for the next look.
        var (current, length) = ReadFrom(0);
        var first = current.Count > 0 ? current[0].Sequence : long.MaxValue;
        List<ServiceEvent> all = [.. EventJournal.ReadOld(path).Where(happened => happened.Sequence < first), .. current];
        if (all.Count > 0 && all[^1].Sequence < _last)
            _last = 0;
        return Take([.. all.Where(happened => happened.Sequence > _last)], length);
    }

    private List<ServiceEvent> Take(List<ServiceEvent> events, long offset)
    {
        _offset = offset;
        _last = events.Count > 0 ? events[^1].Sequence : _last;
        return events;
    }

    /// <summary>Up to the last whole line, and where that ends.</summary>
    private (List<ServiceEvent> Events, long End) ReadFrom(long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length < offset)
            return ([], offset);
        file.Seek(offset, SeekOrigin.Begin);
        var bytes = new byte[file.Length - offset];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var whole = bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        return ([.. EventJournal.Parse(bytes.AsMemory(0, whole))], offset + whole);
    }
}
