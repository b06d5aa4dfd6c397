using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Names beside the path of a Unix socket, under which further sockets of the same service are bound until their file takes that path:
/// <c>web.sock</c> has
/// <c>.web.sock~1</c>. The kernel goes on calling a socket by the name it was bound to, wherever its file is by then.
/// </summary>
internal static class UnixSocketBeside
{
    private const int LongestPath = 107;   // sun_path, and its end
    private const int Most = 100;

    /// <summary>One that no file and no listener has; null where the path leaves no room for it.</summary>
    public static string? Find(string path)
    {
        HashSet<string> bound = UnixListeners.ReadBound();
        string? free = Enumerable.Range(1, Most).Select(number => Of(path, number))
            .FirstOrDefault(name => !bound.Contains(name) && !File.Exists(name));
        return free is not null && Encoding.UTF8.GetByteCount(free) <= LongestPath ? free : null;
    }

    /// <summary>The path that a bound name is beside; null where it is beside none.</summary>
    public static string? PathOf(string bound)
    {
        string name = Path.GetFileName(bound);
        int mark = name.LastIndexOf('~');
        return mark > 1 && name[0] == '.' && int.TryParse(name.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? string.Concat(bound.AsSpan(0, bound.Length - name.Length), name.AsSpan(1, mark - 1))
            : null;
    }

    /// <summary>Is a socket that was bound to this name one of the path's?</summary>
    public static bool Belongs(string bound, string path) => bound == path || PathOf(bound) == path;

    /// <summary>Every file beside a path.</summary>
    public static IEnumerable<string> FilesOf(string path) =>
        Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, $".{Path.GetFileName(path)}~*").Where(file => PathOf(file) == path)
            : [];

    private static string Of(string path, int number) =>
        Path.Combine(Path.GetDirectoryName(path)!, string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(path)}~{number}"));
}
