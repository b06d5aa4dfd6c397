using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// The PATH of a user other than this process's. What a session has put in front for whoever logged in, such as <c>~/bin</c> or pyenv's
/// shims, is not for others.
/// </summary>
internal static class UserPath
{
    public static string Of(LoginUser user)
    {
        var path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } given ? given : InheritedSession.StandardPath;
        string?[] homes = [Environment.GetEnvironmentVariable("HOME"), LoginUser.Find((uint)PeerCredentials.OwnUid)?.HomeFolder];
        var folders = path.Split(':').Where(folder => Path.IsPathRooted(folder) && !homes.Any(home => IsIn(folder, home)))
            .Distinct().ToList();
        if (folders.Count == 0)
            folders = [.. InheritedSession.StandardPath.Split(':')];
        // Where pip, pipx and uv install for a user.
        var local = Path.Combine(user.HomeFolder, ".local", "bin");
        if (Directory.Exists(local))
            folders.Add(local);
        return string.Join(':', folders);
    }

    private static bool IsIn(string folder, string? home) =>
        home is { Length: > 1 } && (folder == home || folder.StartsWith(home + "/", StringComparison.Ordinal));
}
