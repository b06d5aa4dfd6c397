using System.Text;

namespace ServiceCtl.Engine.Logs;

/// <summary>The last lines that some log files got since a moment.</summary>
public sealed class LogTail
{
    /// <summary>A busy old generation writes a few hundred kilobytes a second beside the one that is starting.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly (string Path, long Length)[] _marks;

    private LogTail((string, long)[] marks)
    {
        _marks = marks;
    }

    /// <summary>Remembers how long the files are now. Files that don't exist yet count as empty.</summary>
    public static LogTail Mark(IEnumerable<string> files) =>
        new([.. files.Select(path => (path, File.Exists(path) ? new FileInfo(path).Length : 0))]);

    /// <summary>At most <paramref name="count"/> lines of what was written since, oldest first, file after file.</summary>
    public IReadOnlyList<string> Read(int count, Func<string, bool>? isNoise = null) =>
        [.. _marks.SelectMany(mark => Read(mark.Path, mark.Length)).Where(line => isNoise?.Invoke(line) != true).TakeLast(count)];

    private static string[] Read(string path, long from)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            // A file that got shorter was rotated or truncated: all of it is new.
            var start = Math.Max(from > length ? 0 : from, length - MaxBytes);
            var bytes = new byte[length - start];
            var read = RandomAccess.Read(file, bytes, start);
            return Encoding.UTF8.GetString(bytes, 0, read).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
