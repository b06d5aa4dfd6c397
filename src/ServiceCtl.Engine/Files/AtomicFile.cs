namespace ServiceCtl.Engine.Files;

/// <summary>Files that are either the old or the new one, never half of it, whatever dies meanwhile.</summary>
public static class AtomicFile
{
    /// <summary>Replaces <paramref name="path"/>: written beside it, and renamed over it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="isDurable">Flush it to disk, and then the folder, so that both outlive the machine's end and not only this
    /// process's.</param>
    /// <param name="mode">Who may do what with it, whatever the umask.</param>
    /// <param name="owner">Whose it is to be, which takes root; null for the agent's user.</param>
    public static void Write(
        string path, ReadOnlySpan<byte> content, bool isDurable = true, UnixFileMode mode = FileModes.Private, string? owner = null)
    {
        var next = path + ".next";
        // Whatever is there, a link to something else perhaps, is not written through.
        File.Delete(next);
        using (var file = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = FileModes.Private,
            BufferSize = 0,
        }))
        {
            file.Write(content);
            File.SetUnixFileMode(file.SafeFileHandle, mode);
            if (owner is not null)
                FileOwner.Set(file.SafeFileHandle, owner);
            file.Flush(isDurable);
        }

        File.Move(next, path, overwrite: true);
        if (isDurable)
            DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
