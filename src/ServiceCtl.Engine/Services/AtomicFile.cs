namespace ServiceCtl.Engine.Services;

/// <summary>Files that are either the old or the new one, never half of it, whatever dies meanwhile.</summary>
public static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces <paramref name="path"/>: written beside it with mode 0600, flushed to disk, renamed over it.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
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
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
