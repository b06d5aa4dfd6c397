namespace ServiceCtl.Engine.Releases.Building;

/// <summary>
/// What <c>git archive</c> has not put into a release: of a submodule there is an empty folder, which git knows no other kind of, and of a
/// file of Git LFS the pointer. https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
/// </summary>
internal static class LeftOut
{
    private const int LongestPointer = 1024, Shown = 5;

    /// <param name="release">The folder it was unpacked into.</param>
    /// <returns>Both relative to it, in order.</returns>
    public static (IReadOnlyList<string> Submodules, IReadOnlyList<string> Pointers) Find(string release)
    {
        List<string> submodules = [], pointers = [];
        var waiting = new Stack<DirectoryInfo>([new DirectoryInfo(release)]);
        while (waiting.TryPop(out var folder))
        {
            var isEmpty = true;
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                isEmpty = false;
                if (entry.LinkTarget is not null)
                    continue;
                if (entry is DirectoryInfo below)
                    waiting.Push(below);
                else if (entry is FileInfo { Length: > 0 and <= LongestPointer } file && IsPointer(file.FullName))
                    pointers.Add(Path.GetRelativePath(release, file.FullName));
            }

            if (isEmpty && folder.FullName != release)
                submodules.Add(Path.GetRelativePath(release, folder.FullName));
        }

        submodules.Sort(StringComparer.Ordinal);
        pointers.Sort(StringComparer.Ordinal);
        return (submodules, pointers);
    }

    /// <summary>The first few by name.</summary>
    public static string Name(IReadOnlyList<string> paths) => string.Join(", ", paths.Take(Shown))
        + (paths.Count > Shown ? $" and {paths.Count - Shown} more" : "");

    private static bool IsPointer(string file)
    {
        var begin = "version https://git-lfs.github.com/spec/"u8;
        Span<byte> read = stackalloc byte[begin.Length];
        using var stream = File.OpenRead(file);
        return stream.ReadAtLeast(read, read.Length, throwOnEndOfStream: false) == read.Length && read.SequenceEqual(begin);
    }
}
