using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>
/// <c>servicectl</c>, executable. Packages of modules are zip files without modes (PSResourceGet), so an installed one is not: it is made
/// so, and where that can't be done, in a folder of root's or one that is read-only, a copy of the user's own is run.
/// </summary>
internal static class CommandFile
{
    private const string Name = "servicectl";
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly Lazy<string> Found = new(() => Find(EngineLoadContext.Folder));

    public static string Path => Found.Value;

    internal static string Find(string folder)
    {
        var file = System.IO.Path.Combine(folder, Name);
        // Elsewhere it is only read: to be sent to hosts.
        return !LocalHost.HasServices || IsExecutable(file) || TryMakeExecutable(file) ? file : CopyOf(folder, file);
    }

    [SupportedOSPlatform("linux")]
    private static bool IsExecutable(string file) => !File.Exists(file) || (File.GetUnixFileMode(file) & Executable) != 0;

    [SupportedOSPlatform("linux")]
    private static bool TryMakeExecutable(string file)
    {
        try
        {
            var mode = File.GetUnixFileMode(file);
            // Whoever may read it may run it.
            var readable = (int)mode & (int)(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            File.SetUnixFileMode(file, mode | (UnixFileMode)(readable >> 2));
            return true;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    /// <summary>One for each version of the module: its files, but for the command, are links.</summary>
    [SupportedOSPlatform("linux")]
    private static string CopyOf(string folder, string file)
    {
        var original = new FileInfo(file);
        var mark = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{file}\0{original.Length}\0{original.LastWriteTimeUtc.Ticks}")))[..16];
        var cache = System.IO.Path.Combine(CacheFolder(), Name, mark);
        var copy = System.IO.Path.Combine(cache, Name);
        if (File.Exists(copy))
            return copy;

        Directory.CreateDirectory(cache, Private);
        foreach (var other in Directory.EnumerateFileSystemEntries(folder).Where(other => other != file))
        {
            var link = System.IO.Path.Combine(cache, System.IO.Path.GetFileName(other));
            if (!System.IO.Path.Exists(link))
                File.CreateSymbolicLink(link, other);
        }

        // Complete under its name, or not there: another session may look for it.
        var part = $"{copy}.{Environment.ProcessId}";
        File.Copy(file, part, overwrite: true);
        File.SetUnixFileMode(part, Private);
        File.Move(part, copy, overwrite: true);
        return copy;
    }

    private static string CacheFolder() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
        ? cache
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
