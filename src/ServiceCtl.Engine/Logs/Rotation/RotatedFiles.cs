using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Rotation;

/// <summary>
/// The rotated files of one log: <c>output.log.1777629600000</c>, with the time of the rotation in milliseconds since 1970, after uWSGI's
/// example. Unlike logrotate's <c>.1</c>, <c>.2</c>, … a file keeps its name: a rotation costs the same however many are kept, and a reader
/// or the compression can't take one file for another.
/// </summary>
internal sealed class RotatedFiles
{
    internal const string PartSuffix = ".part";

    private readonly string _path;

    // The oldest first.
    private readonly List<RotatedFile> _files;

    private long _last;

    private RotatedFiles(string path, List<RotatedFile> files)
    {
        _path = path;
        _files = files;
        _last = files.Count > 0 ? files[^1].Number : 0;
    }

    internal IReadOnlyList<RotatedFile> Files => _files;

    /// <summary>Finds what is there and tidies what a compression that was interrupted left.</summary>
    internal static RotatedFiles Load(string path)
    {
        Dictionary<long, RotatedFile> files = [];
        foreach (string suffix in LogSuffix.SuffixesOf(path).ToList())
        {
            if (suffix == PartSuffix)
                FileCalls.Delete(path + PartSuffix);
            else if (LogSuffix.NumberOf(suffix) is { } number and >= LogSuffix.FirstEpoch)
                Enter(files, path, number, suffix.EndsWith(LogSuffix.Compressed, StringComparison.Ordinal));
        }

        return new RotatedFiles(path, [.. files.Values.OrderBy(file => file.Number)]);
    }

    internal string PathOf(RotatedFile file) => $"{_path}.{file.Number}{(file.Compressed ? LogSuffix.Compressed : "")}";

    /// <summary>Gives the log the name of a rotated one, and deletes the oldest ones that are too many.</summary>
    /// <returns>Null when none is kept: the log was deleted.</returns>
    /// <exception cref="ServiceCtlException">A file can't be renamed or deleted. The log still has its name.</exception>
    internal RotatedFile? Add(int keep, DateTimeOffset now)
    {
        while (_files.Count > 0 && _files.Count >= keep)
        {
            RotatedFile oldest = _files[0];
            FileCalls.Delete(PathOf(oldest));
            FileCalls.Delete(TimeIndex.PathOf(_path, oldest.Number));
            oldest.Deleted = true;
            _files.RemoveAt(0);
        }

        if (keep == 0)
        {
            FileCalls.Delete(_path);
            FileCalls.Delete(TimeIndex.PathOf(_path, 0));
            return null;
        }

        // Several within a millisecond, or a clock that was set back: the order stays.
        _last = Math.Max(_last + 1, now.ToUnixTimeMilliseconds());
        RotatedFile added = new() { Number = _last };
        // Somebody may have deleted one by hand, and not every log has an index.
        FileCalls.Rename(_path, PathOf(added));
        FileCalls.Rename(TimeIndex.PathOf(_path, 0), TimeIndex.PathOf(_path, added.Number));
        _files.Add(added);
        return added;
    }

    /// <summary>The compressed file takes the plain one's place.</summary>
    internal void Replace(RotatedFile file, string compressed)
    {
        string plain = PathOf(file);
        FileCalls.Rename(compressed, plain + LogSuffix.Compressed);
        // The new name has to be on the disk before the old one goes.
        DurableFolder.Flush(Path.GetDirectoryName(_path)!);
        file.Compressed = true;
        FileCalls.Delete(plain);
    }

    private static void Enter(Dictionary<long, RotatedFile> files, string path, long number, bool compressed)
    {
        if (files.TryAdd(number, new RotatedFile { Number = number, Compressed = compressed }))
            return;

        // Both: the compressed one got its name when it was complete, and the agent died before it deleted the other.
        files[number].Compressed = true;
        FileCalls.Delete($"{path}.{number}");
    }
}
