using System.Globalization;

namespace ServiceCtl.Engine.Processes;

/// <summary>Which folder a path leads to, whatever links it goes through and however the folder is called.</summary>
internal static class FolderIdentity
{
    internal static bool IsSame(string one, string other) => one == other || (Of(one) is { } identity && identity == Of(other));

    /// <summary>Is an absolute path one of something in this folder?</summary>
    internal static bool IsBelow(string path, string folder)
    {
        if (path.StartsWith(folder + "/", StringComparison.Ordinal))
            return true;
        if (Of(folder) is not { } identity)
            return false;
        for (string? above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (Of(above) == identity)
                return true;
        }

        return false;
    }

    /// <summary>
    /// To be kept: it stays when the folder is renamed, and no later folder has the same. A file system gives the numbers of what was
    /// deleted to the next, so that the time of birth belongs to it.
    /// </summary>
    /// <returns>Null when there is no such folder.</returns>
    internal static string? MarkOf(string folder) => FileFacts.TryOf(folder) is { } facts
        ? string.Create(CultureInfo.InvariantCulture, $"{facts.Identity.Device:x} {facts.Identity.Inode} {facts.Created.UtcTicks}")
        : null;

    private static FileIdentity? Of(string folder) => FileFacts.TryOf(folder)?.Identity;
}
