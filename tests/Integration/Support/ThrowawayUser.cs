using System.Diagnostics;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A user of this host for one test, with a group of the same name. Root makes it, and removes it afterwards.</summary>
internal sealed class ThrowawayUser : IDisposable
{
    public ThrowawayUser()
    {
        Name = $"sc-{Guid.NewGuid():N}"[..16];
        Run("useradd", "--system", "--no-create-home", "--user-group", Name);
    }

    private static readonly string[] ProgramFolders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    public string Name { get; }

    /// <summary>Gives it a folder, and the files in it.</summary>
    public void Own(string folder) => Run("chown", "-R", $"{Name}:{Name}", folder);

    /// <summary>Runs a program as this user.</summary>
    public async Task<CommandResult> RunAsync(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo("setpriv", ["--reuid", Name, "--regid", Name, "--init-groups", "--", .. command])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        return await CommandResult.OfAsync(process);
    }

    /// <summary>Lets others into a service's folder, and into those above it.</summary>
    public static void Open(string folder)
    {
        for (var at = folder; at != Path.GetTempPath().TrimEnd('/'); at = Path.GetDirectoryName(at)!)
            File.SetUnixFileMode(at, File.GetUnixFileMode(at) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
    }

    /// <summary>Where a test was ended by force, processes of it may live on.</summary>
    public void Dispose() => Run("userdel", "--force", Name);

    private static void Run(string program, params string[] arguments)
    {
        var path = ProgramFolders.Select(folder => Path.Combine(folder, program)).First(File.Exists);
        using var process = Process.Start(path, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
