using System.Diagnostics;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>How tar is started, to put files into a release or to take them out of a folder.</summary>
internal static class TarFile
{
    /// <param name="folder">Where to.</param>
    /// <param name="strip">How many folders of each path are left away.</param>
    /// <param name="user">Whose files they are to be; null: this process's.</param>
    public static ProcessStartInfo Unpack(string folder, int strip, string? user) => ToolRun.StartOf(
        "tar", ["-x", "-f", "-", "--no-same-owner", "--no-same-permissions", $"--strip-components={strip}", "-C", folder], folder, user);

    /// <param name="folder">Where from.</param>
    /// <param name="paths">Relative to it.</param>
    /// <param name="left">Paths that are left out.</param>
    public static ProcessStartInfo Pack(string folder, IReadOnlyList<string> paths, IReadOnlyList<string> left) => ToolRun.StartOf(
        "tar",
        ["-c", "-f", "-", "-C", folder, "--exclude-vcs", "--anchored", "--no-wildcards", .. left.Select(path => $"--exclude={path}"), "--",
            .. paths],
        folder, Environment.IsPrivilegedProcess ? FileOwner.Find(folder) : null);
}
