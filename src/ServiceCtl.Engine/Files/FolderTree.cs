namespace ServiceCtl.Engine.Files;

/// <summary>Deletes folders with what is in them. Links are removed, never followed; what its user has closed is opened first.</summary>
internal static class FolderTree
{
    /// <param name="user">Whose rights count where others than root can change the folder; null: this process's own.</param>
    /// <param name="folder">A folder that need not be there.</param>
    /// <exception cref="IOException">Something in it can't be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Something in it may not be deleted.</exception>
    internal static void Delete(FileActor? user, string folder)
    {
        if (Directory.Exists(folder))
            UserFiles.Use(user, folder, () => Empty(folder));
        UserFiles.Use(user, Path.GetDirectoryName(folder)!, () =>
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder);
        });
    }

    /// <summary>Deletes what a folder holds.</summary>
    internal static void Empty(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner)
            {
                // One that its owner has closed is its owner's to open.
                if ((inner.UnixFileMode & FileModes.PrivateFolder) != FileModes.PrivateFolder)
                    inner.UnixFileMode |= FileModes.PrivateFolder;
                Empty(inner.FullName);
            }

            entry.Delete();
        }
    }
}
