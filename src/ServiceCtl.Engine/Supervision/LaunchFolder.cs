using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// The folder of one launch: pid file, sockets, generated configuration. A service that runs as another user gets it for its own, as its
/// server writes there; from then on nothing in it is trusted: root follows no link in it, and leaves the deleting to that user.
/// </summary>
internal static class LaunchFolder
{
    /// <param name="folder">Where.</param>
    /// <param name="isOrdered">Did anybody order the launch? One that nobody did brings back what was there, and does without the disk if
    /// it has to.</param>
    public static void Make(string folder, bool isOrdered)
    {
        if (isOrdered)
            Directory.CreateDirectory(folder);
        else
            StandInFolder.Make(folder);
    }

    /// <param name="folder">What <see cref="IRunner"/> has prepared.</param>
    /// <param name="home">The agent's: from there on the user may pass through.</param>
    /// <param name="user">Who is to have it.</param>
    public static void GiveTo(string folder, string home, string user)
    {
        for (var above = folder; above != home;)
        {
            above = Path.GetDirectoryName(above)!;
            File.SetUnixFileMode(above, FileModes.PrivateFolder | FileOwner.Passage);
        }

        var real = StandInFolder.Find(folder);
        File.SetUnixFileMode(real, FileModes.PrivateFolder);
        FileOwner.SetAll(real, user);
    }

    public static void WritePid(string folder, int pid, string? user)
    {
        // A server may write its own at the same time.
        var text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
        AtomicFile.Write(LaunchRequest.PidFileOf(folder), text, isDurable: false, mode: FileModes.Readable, owner: user);
    }

    /// <summary>
    /// What the user has put there is deleted with the user's rights: swapped for a link meanwhile, it leads to nothing that matters.
    /// </summary>
    /// <param name="folder">What <see cref="GiveTo"/> has given, or not yet.</param>
    /// <param name="user">The service's.</param>
    /// <returns>Why it could not be removed; null when it is gone.</returns>
    public static string? TryRemove(string folder, string? user)
    {
        try
        {
            if (!Directory.Exists(folder))
                return null;
            UserFiles.Use(user, folder, () => FolderTree.Empty(folder));
            StandInFolder.Delete(folder);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ServiceCtlException)
        {
            return $"The folder {folder} could not be removed: {error.Message}";
        }
    }

    /// <summary>Removes what all generations of an earlier run have left.</summary>
    /// <param name="folder">The service's, which need not be there.</param>
    public static void RemoveAllLeftOver(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var generation in Directory.GetDirectories(folder))
            RemoveLeftOver(generation);
    }

    /// <summary>
    /// Removes what a generation of an earlier agent has left, each launch's folder with the rights of whom it was given to.
    /// </summary>
    public static void RemoveLeftOver(string runFolder)
    {
        foreach (var folder in Directory.GetDirectories(runFolder))
            _ = TryRemove(folder, FileOwner.Find(StandInFolder.Find(folder)));
        if (Directory.GetDirectories(runFolder).Length == 0)
            _ = TryRemove(runFolder, user: null);
    }
}
