using System.Globalization;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// The folder of one launch: pid file, sockets, generated configuration. A service that runs as another user gets it for its own, as its server
/// writes there; from then on nothing in it is to be trusted: root follows no link in it, and takes it back before it is removed.
/// </summary>
internal static class LaunchFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PassThrough = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="folder">What <see cref="IRunner"/> has prepared.</param>
    /// <param name="home">The agent's: from there on the user may pass through.</param>
    /// <param name="user">Who is to have it.</param>
    public static void GiveTo(string folder, string home, string user)
    {
        for (var above = folder; above != home;)
        {
            above = Path.GetDirectoryName(above)!;
            File.SetUnixFileMode(above, File.GetUnixFileMode(above) | PassThrough);
        }

        File.SetUnixFileMode(folder, OwnerOnly);
        FileOwner.SetAll(folder, user);
    }

    public static void WritePid(string folder, int pid, string? user)
    {
        var path = LaunchRequest.PidFileOf(folder);
        // Never through a link that somebody has put there.
        File.Delete(path);
        using var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        file.Write(string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
        if (user is not null)
            FileOwner.Set(path, user);
    }

    public static void Remove(string folder, string? user)
    {
        if (!Directory.Exists(folder))
            return;
        if (user is not null)
            FileOwner.TakeBack(folder);
        Directory.Delete(folder, recursive: true);
    }
}
