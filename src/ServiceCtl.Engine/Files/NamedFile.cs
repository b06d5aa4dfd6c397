using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// A file that whoever gives an order has named: a report, a unit, a wrapper. Root may name one in a folder of somebody else's, who could
/// put a link into the way; so it is written in the folder that was opened, with the rights of whom that belongs to.
/// </summary>
internal static class NamedFile
{
    /// <summary>Replaces the file, whole or not at all. A link in its place is replaced, too.</summary>
    /// <param name="path">Absolute. Its folder is there.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="mode">Who may do what with it.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; where others than root can change the way to its folder, root
    /// may not either.</exception>
    public static void Replace(string path, byte[] content, UnixFileMode mode) => In(Path.GetDirectoryName(path)!, (folder, isTrusted) =>
    {
        // /dev/stdout, or a pipe of the shell's: nobody means to have these replaced.
        if (isTrusted && FileFacts.TryOf(path) is { IsRegular: false, IsFolder: false })
            File.WriteAllBytes(path, content);
        else
            AtomicFile.Write(Path.Combine(folder, Path.GetFileName(path)), content, mode: mode);
    });

    /// <summary>Makes a folder, and those above it.</summary>
    /// <inheritdoc cref="Replace"/>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        string above = Path.GetDirectoryName(folder)!;
        MakeFolder(above);
        In(above, (opened, _) => Directory.CreateDirectory(Path.Combine(opened, Path.GetFileName(folder))));
    }

    private static void In(string folder, Action<string, bool> work) => NamedFolder.Use(folder, (opened, isTrusted) =>
    {
        work(opened, isTrusted);
        return true;
    });
}
