using System.Globalization;
using System.Text;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// The folder of one launch: pid file, sockets, generated configuration. A service that runs as another user gets it for its own, as its server
/// writes there; from then on nothing in it is to be trusted: root follows no link in it, and takes it back before it is removed.
/// </summary>
internal static class LaunchFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <param name="folder">What <see cref="IRunner"/> has prepared.</param>
    /// <param name="home">The agent's: from there on the user may pass through.</param>
    /// <param name="user">Who is to have it.</param>
    public static void GiveTo(string folder, string home, string user)
    {
        for (var above = folder; above != home;)
        {
            above = Path.GetDirectoryName(above)!;
            File.SetUnixFileMode(above, File.GetUnixFileMode(above) | FileOwner.Passage);
        }

        File.SetUnixFileMode(folder, OwnerOnly);
        FileOwner.SetAll(folder, user);
    }

    public static void WritePid(string folder, int pid, string? user)
    {
        // A server may write its own at the same time.
        var text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pid}\n"));
        AtomicFile.Write(LaunchRequest.PidFileOf(folder), text, isDurable: false, mode: Readable, owner: user);
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
