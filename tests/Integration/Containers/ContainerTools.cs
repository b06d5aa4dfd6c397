using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>The engines' programs: installed, or unpacked by build.sh. Where a machine lacks one, the test that needs it says so.</summary>
internal static class ContainerTools
{
    private static readonly string[] Packages = ["docker.io", "podman", "docker-registry", "redis-server"];

    /// <summary>Where they and what they start are found.</summary>
    public static string SearchPath { get; } = string.Join(':',
    [
        "/usr/bin", "/usr/sbin", "/bin", "/sbin",
        .. from package in Packages
           let folder = Repository.PackageFolder(package)
           where folder is not null
           from programs in new[] { "usr/bin", "usr/sbin", "sbin" }
           select Path.Combine(folder, programs),
    ]);

    public static string? Find(string program) =>
        SearchPath.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test where one of these programs is not here, or who runs it may not start containers.</summary>
    public static void Require(params string[] programs)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can start an engine of containers");
        var missing = programs.Where(program => Find(program) is null).ToArray();
        Assert.SkipWhen(missing.Length > 0, $"this machine has no {string.Join(" and no ", missing)}");
    }

    /// <summary>Starts a program in the background with its output in a file.</summary>
    public static Process Start(string log, string program, params IEnumerable<string> arguments)
    {
        File.AppendAllText(log, "");
        var start = new ProcessStartInfo("/bin/sh", ["-c", """exec "$@" >>"$0" 2>&1 </dev/null""", log, Find(program)!, .. arguments]);
        Prepare(start);
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<CommandResult> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Prepare(start);
        using var process = Process.Start(start)!;
        return await CommandResult.OfAsync(process);
    }

    /// <summary>Ends a process: by SIGTERM, and when that is not enough, by SIGKILL.</summary>
    public static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            using var terminate = Process.Start("/bin/kill", [$"{process.Id}"]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }

        process.Dispose();
    }

    /// <summary>Ends the mounts below a folder, the innermost first, and removes it.</summary>
    public static async Task RemoveAsync(string folder)
    {
        var mounts = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4])
            .Where(mount => mount.StartsWith(folder + "/", StringComparison.Ordinal)).OrderByDescending(mount => mount.Length);
        foreach (var mount in mounts.ToArray())
            await RunAsync("umount", "--lazy", mount);
        Directory.Delete(folder, recursive: true);
    }

    private static void Prepare(ProcessStartInfo start)
    {
        start.Environment["PATH"] = SearchPath;
        foreach (var name in new[] { "DOCKER_HOST", "CONTAINER_HOST", "DOCKER_CONTEXT" })
            start.Environment.Remove(name);
        var libraries = Packages.Select(Repository.PackageFolder).OfType<string>()
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.so*", SearchOption.AllDirectories)).Select(Path.GetDirectoryName)
            .Distinct().ToArray();
        if (libraries.Length > 0)
            start.Environment["LD_LIBRARY_PATH"] = string.Join(':', libraries);
    }
}
