using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// Can anybody but root and this process's user decide what a path means? Every folder on the way is looked at, links are followed as the
/// kernel follows them. The answer holds as long as root and this user leave the way alone, so nobody else can win a race against it.
/// docs/security.md says what depends on it.
/// </summary>
internal static class PlaceTrust
{
    private const int MostLinks = 40;   // what path_resolution(7) allows
    private const int OthersMayWrite = 0b000_010_010;
    private const int Sticky = 0b001_000_000_000;

    /// <param name="path">An absolute path. What is missing of it counts as made by this process.</param>
    /// <returns>Whether the file or folder itself, and every folder on the way to it, can be changed by root or this process's user
    /// alone.</returns>
    internal static bool IsTrusted(string path)
    {
        var rest = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        string at = "/";
        int links = 0;
        while (rest.TryPop(out string? name))
        {
            if (FileFacts.TryOfLink(at) is not { } folder)
                return false;
            string next = Path.Combine(at, name);
            if (FileFacts.TryOfLink(next) is not { } entry)
                return IsClosed(folder);
            if (!IsOurs(entry) || !(IsClosed(folder) || (folder.Mode & Sticky) != 0))
                return false;
            if (!entry.IsLink)
            {
                at = next;
            }
            else if (++links > MostLinks || new FileInfo(next).LinkTarget is not { } target)
            {
                return false;
            }
            else
            {
                foreach (string part in Path.GetFullPath(target, at).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                    rest.Push(part);
                at = "/";
            }
        }

        return FileFacts.TryOfLink(at) is { } last && IsClosed(last);
    }

    /// <summary>
    /// Can this process make the folder its own, by making or closing it? What is in one that was open to others is not its own: such a
    /// folder has to be empty.
    /// </summary>
    internal static bool CanBeTrusted(string folder)
    {
        string there = Path.GetFullPath(folder);
        if (FileFacts.TryOfLink(there) is { } facts)
        {
            return IsTrusted(there)
                || (facts.IsFolder && IsOurs(facts) && IsKept(Path.GetDirectoryName(there) ?? "/")
                    && !Directory.EnumerateFileSystemEntries(there).Any());
        }

        while (FileFacts.TryOfLink(there) is null)
            there = Path.GetDirectoryName(there)!;
        return IsKept(there);
    }

    /// <summary>Does an entry of ours stay what it is in this folder?</summary>
    private static bool IsKept(string folder) => IsTrusted(folder)
        || (FileFacts.TryOfLink(folder) is { } facts && IsOurs(facts) && (facts.Mode & Sticky) != 0
            && IsTrusted(Path.GetDirectoryName(folder)!));

    private static bool IsOurs(FileFacts facts) => facts.Owner == 0 || facts.Owner == Libc.GetEffectiveUid();

    /// <summary>Nobody else may write. The group root is root's own.</summary>
    private static bool IsClosed(FileFacts facts) =>
        IsOurs(facts) && (facts.Mode & (facts.Group == 0 ? OthersMayWrite & 0b111 : OthersMayWrite)) == 0;
}
