using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;

namespace ServiceCtl.Engine.Alerts;

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
        if (_offset > 0 && file.Length > _offset && ReadRest() is { Count: > 0 } rest && rest[0].Sequence == _last + 1)
            return Take(rest);

        var all = EventJournal.Read(path).ToList();
        if (all.Count > 0 && all[^1].Sequence < _last)
            _last = 0;
        _offset = 0;
        ReadRest();
        return Take([.. all.Where(happened => happened.Sequence > _last)]);
    }

    private List<ServiceEvent> Take(List<ServiceEvent> events)
    {
        _last = events.Count > 0 ? events[^1].Sequence : _last;
        return events;
    }

    /// <summary>From where the last look ended, up to the last whole line.</summary>
    private List<ServiceEvent> ReadRest()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length < _offset)
            return [];
        file.Seek(_offset, SeekOrigin.Begin);
        var bytes = new byte[file.Length - _offset];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var whole = bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        _offset += whole;
        return [.. EventJournal.Parse(bytes.AsMemory(0, whole))];
    }
}
