using System.Text;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Logs;

/// <summary>The last lines that some log files got since a moment.</summary>
public sealed class LogTail
{
    /// <summary>A busy old generation writes a few hundred kilobytes a second beside the one that is starting.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly (string Path, FileActor? User, long Length)[] _marks;

    private LogTail((string, FileActor?, long)[] marks)
    {
        _marks = marks;
    }

    /// <summary>Remembers how long the files are now. Files that don't exist yet count as empty.</summary>
    /// <param name="files">Each with the user whose rights count where others than root can change it; null: this process's own.</param>
    public static LogTail Mark(IEnumerable<(string Path, FileActor? User)> files) =>
        new([.. files.Select(file => (file.Path, file.User, File.Exists(file.Path) ? new FileInfo(file.Path).Length : 0))]);

    /// <summary>At most <paramref name="count"/> lines of what was written since, oldest first, file after file.</summary>
    public IReadOnlyList<string> Read(int count, Func<string, bool>? isNoise = null) =>
        [.. _marks.SelectMany(mark => Read(mark.Path, mark.User, mark.Length)).Where(line => isNoise?.Invoke(line) != true)
            .TakeLast(count)];

    private static string[] Read(string path, FileActor? user, long from)
    {
        try
        {
            using var file = UserFiles.OpenRead(user, path);
            var length = RandomAccess.GetLength(file);
            // A file that got shorter was rotated or truncated: all of it is new.
            var start = Math.Max(from > length ? 0 : from, length - MaxBytes);
            var bytes = new byte[length - start];
            var read = RandomAccess.Read(file, bytes, start);
            return Encoding.UTF8.GetString(bytes, 0, read).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
