using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Units;

/// <summary>
/// A real systemd, booted in a container of systemd-nspawn. Its /usr is this machine's, read-only, so that nothing is downloaded and it is
/// up in half a second; /etc, /var and /run are its own, ports are shared. Where a machine can't do that, <see cref="Require"/> skips the
/// test and says why.
/// </summary>
public sealed class SystemdHost : IAsyncLifetime
{
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] Programs = ["/usr/bin/systemd-nspawn", "/usr/lib/systemd/systemd", "/usr/bin/dbus-daemon",
        "/usr/bin/nsenter", "/usr/bin/journalctl"];

    private static readonly string[] Folders = ["etc/systemd/system", "var/log/journal", "root", "tmp", "run", "usr", "proc", "sys", "dev",
        "opt", "srv"];

    private static readonly string[] Links = ["bin", "sbin", "lib", "lib64"];

    private static readonly string[] Files = ["passwd", "group", "nsswitch.conf", "ld.so.cache", "os-release"];

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;
    private Process? _container;
    private string _init = "";
    private string? _missing;

    /// <summary>The folder that is /srv inside.</summary>
    public string Services => System.IO.Path.Combine(_folder, "srv");

    private string Root => System.IO.Path.Combine(_folder, "root");

    public async ValueTask InitializeAsync()
    {
        _missing = WhatIsMissing();
        if (_missing is null)
        {
            MakeRoot();
            await BootAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ShutDownAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Skips the test where there is no systemd to be had.</summary>
    public void Require() => Assert.SkipWhen(_missing is not null, $"no real systemd can be booted on this machine: {_missing}");

    public async Task RebootAsync()
    {
        await ShutDownAsync();
        await BootAsync();
        Require();
    }

    /// <summary>Runs a command inside.</summary>
    public async Task<CommandResult> RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo("/usr/bin/nsenter",
            ["-t", _init, "-m", "-u", "-i", "-n", "-p", "-r", "-w", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Path;
        start.Environment["HOME"] = "/root";
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet)
            start.Environment["DOTNET_ROOT"] = dotnet;
        using var process = Process.Start(start)!;
        return await CommandResult.OfAsync(process);
    }

    /// <summary>The same for what has to succeed.</summary>
    public async Task<string> MustAsync(params string[] command)
    {
        var result = await RunAsync(command);
        Assert.True(result.Code == 0, $"{string.Join(' ', command)}: {result}");
        return result.Output;
    }

    /// <summary>Runs <c>servicectl</c> inside; it has to succeed.</summary>
    public Task<string> ServiceCtlAsync(params string[] arguments) => MustAsync([Home.Executable, .. arguments]);

    /// <summary>Makes units with <c>servicectl unit</c>, with a short watchdog, and has systemd read them.</summary>
    public async Task InstallAsync(string name, params string[] unit)
    {
        await ServiceCtlAsync(["unit", .. unit, "--destination", "/etc/systemd/system"]);
        var extra = System.IO.Path.Combine(Root, $"etc/systemd/system/{name}.service.d");
        Directory.CreateDirectory(extra);
        File.WriteAllText(System.IO.Path.Combine(extra, "quick.conf"), "[Service]\nWatchdogSec=3\nTimeoutAbortSec=1\nRestartSec=100ms\n");
        await MustAsync("systemctl", "daemon-reload");
    }

    public async Task<string> ShowAsync(string unit, string property) =>
        (await MustAsync("systemctl", "show", unit, "--value", "-p", property)).Trim();

    public Task BecomesAsync(string unit, string property, Func<string, bool> condition) =>
        Condition.HoldsAsync(async () => condition(await ShowAsync(unit, property)), $"{property} of {unit}");

    /// <summary>What the journal has of a unit.</summary>
    public Task<string> JournalAsync(string unit) => MustAsync("journalctl", "--no-pager", "-o", "cat", "-u", unit);

    private static string? WhatIsMissing()
    {
        if (PeerCredentials.OwnUid != 0)
            return "the tests do not run as root";
        if (Programs.Where(program => !File.Exists(program)).ToArray() is { Length: > 0 } missing)
            return $"there is no {string.Join(", ", missing)} (packages systemd-container, dbus, util-linux)";
        return new DirectoryInfo("/bin").LinkTarget is null ? "its /bin is not a part of /usr" : null;
    }

    private void MakeRoot()
    {
        foreach (var folder in Folders)
            Directory.CreateDirectory(System.IO.Path.Combine(Root, folder));
        foreach (var link in Links.Where(name => Directory.Exists($"/{name}")))
            File.CreateSymbolicLink(System.IO.Path.Combine(Root, link), $"usr/{link}");
        foreach (var file in Files.Where(name => File.Exists($"/etc/{name}")))
            File.Copy($"/etc/{file}", System.IO.Path.Combine(Root, "etc", file));
        File.WriteAllText(System.IO.Path.Combine(Root, "etc/machine-id"), "");
        Directory.CreateDirectory(Services);
    }

    private async Task BootAsync()
    {
        var start = new ProcessStartInfo("/usr/bin/systemd-nspawn",
        [
            "--quiet", "--directory", Root, "--boot", "--register=no", "--keep-unit", "--console=pipe", "--kill-signal=SIGRTMIN+3",
            "--bind-ro=/usr",
            $"--bind={Services}:/srv", .. Shared().Select(folder => $"--bind-ro={folder}"),
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // With the older hierarchy a container hears nothing of cgroups that become empty.
        start.Environment["SYSTEMD_NSPAWN_UNIFIED_HIERARCHY"] = "1";
        _container = Process.Start(start)!;
        var said = Task.WhenAll(_container.StandardOutput.ReadToEndAsync(), _container.StandardError.ReadToEndAsync());
        await Condition.HoldsAsync(async () => _container.HasExited || await IsUpAsync(), "systemd is up");
        if (_container.HasExited)
            _missing = $"systemd-nspawn ends with {string.Join(' ', await said).Trim()}";
    }

    private async Task<bool> IsUpAsync()
    {
        var children = $"/proc/{_container!.Id}/task/{_container.Id}/children";
        _init = File.Exists(children) ? File.ReadAllText(children).Trim() : "";
        return _init.Length > 0 && (await RunAsync("systemctl", "is-system-running")).Output.Trim() is "running" or "degraded";
    }

    /// <summary>What units or /usr name and is not below /usr: Debian's links, this build, .NET, PowerShell.</summary>
    private static IEnumerable<string> Shared()
    {
        if (Directory.Exists("/etc/alternatives"))
            yield return "/etc/alternatives";
        yield return System.IO.Path.GetDirectoryName(Home.Executable)!;
        if (Directory.Exists(Repository.Module))
            yield return Repository.Module;
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } dotnet
            && !dotnet.StartsWith("/usr/", StringComparison.Ordinal))
            yield return dotnet;
        // There it is a tool of root, or where its package puts it.
        var pwsh = File.ResolveLinkTarget(Repository.PowerShell, returnFinalTarget: true)?.FullName ?? Repository.PowerShell;
        if (File.Exists(pwsh) && System.IO.Path.GetDirectoryName(pwsh) is { } folder)
        {
            var isTool = Directory.Exists(System.IO.Path.Combine(folder, ".store"));
            yield return $"{folder}:{(isTool ? "/root/.dotnet/tools" : "/opt/microsoft/powershell/7")}";
        }
    }

    private async Task ShutDownAsync()
    {
        if (_container is not { HasExited: false } container)
            return;
        // Of systemd: power off. systemd-nspawn passes SIGTERM on in that form (--kill-signal).
        using (var kill = Process.Start("/bin/kill", ["-TERM", container.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        using var limit = Patience.Begin();
        try
        {
            await container.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            container.Kill(entireProcessTree: true);
            await container.WaitForExitAsync();
        }

        container.Dispose();
        _container = null;
    }
}
