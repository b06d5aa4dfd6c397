namespace ServiceCtl.Engine.Services;

/// <summary>Files that are either the old or the new one, never half of it, whatever dies meanwhile.</summary>
public static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces <paramref name="path"/>: written beside it with mode 0600, and renamed over it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="isDurable">Flush it to disk, so that it outlives the machine's end and not only this process's.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isDurable = true)
    {
        var next = path + ".next";
        using (var file = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
            BufferSize = 0,
        }))
        {
            file.Write(content);
            file.Flush(isDurable);
        }

        File.Move(next, path, overwrite: true);
    }
}
