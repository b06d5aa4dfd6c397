using System.Diagnostics;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>
/// Scene 6: a full or read-only disk, and files cut in half. Services go on, the trouble is told once, nothing is overwritten with less.
/// The clock that jumps is in RestartPolicyTests: everything that waits measures by the monotonic clock.
/// </summary>
public sealed class DamagedDiskTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly List<string> _mounts = [];

    public async ValueTask DisposeAsync()
    {
        if (await _home.Client.Agent.FindAsync(CancellationToken.None) is not null)
            await _home.Client.Agent.StopAsync(RunningServices.Stop, CancellationToken.None);
        foreach (var folder in _mounts)
            await RunAsync("/bin/umount", "-l", folder);
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task On_a_full_disk_services_go_on_and_are_started_stopped_and_adopted()
    {
        await MountAsync(_home.Paths.State, "size=1m");
        var web = new FlaskService(_home, "web");
        var printer = new LocalService(_home, "printer", """
            service: {runner: command, command: [/bin/sh, -c, 'while :; do echo a line; sleep 0.02; done']}
            """);
        var first = await web.MustAsync(ServiceAction.Start);
        await printer.MustAsync(ServiceAction.Start);
        var catalog = File.ReadAllText(_home.Paths.Catalog);
        Fill(_home.Paths.State);

        Assert.Equal("one", await web.GetAsync("/version"));
        await printer.MustAsync(ServiceAction.Stop);
        await printer.MustAsync(ServiceAction.Start);
        await web.MustAsync(ServiceAction.Restart);
        await printer.MustAsync(ServiceAction.Stop);
        Assert.Equal(catalog, File.ReadAllText(_home.Paths.Catalog));

        var second = await web.StatusAsync();
        await _home.KillAgentAsync();
        Assert.Equal((ServiceState.Running, second.Pid), (await web.StatusAsync() is var status ? (status.State, status.Pid) : default));
        Assert.NotEqual(first.After!.Pid, second.Pid);

        // With room again, what is ordered is kept again.
        await web.MustAsync(ServiceAction.Stop);
        File.Delete(Path.Combine(_home.Paths.State, "filler"));
        await printer.MustAsync(ServiceAction.Stop);
        await Condition.HoldsAsync(
            () => JsonDocument.Parse(File.ReadAllText(_home.Paths.Catalog)).RootElement.EnumerateArray()
                .All(entry => !entry.GetProperty("isWanted").GetBoolean()), "the catalog is written again");
    }

    [Fact]
    public async Task Where_nothing_can_be_written_at_all_a_start_says_so_and_what_runs_goes_on()
    {
        await MountAsync(_home.Paths.Home, "size=1m");
        var running = new FlaskService(_home, "running");
        var late = new FlaskService(_home, "late");
        var first = await running.MustAsync(ServiceAction.Start);
        await _home.Client.Services.RegisterAsync(late.Folder, null, CancellationToken.None);
        Fill(_home.Paths.Home);

        var refused = await late.OrderAsync(ServiceAction.Start);
        var kept = await running.OrderAsync(ServiceAction.Restart);

        Assert.All([refused, kept], result =>
        {
            Assert.True(result.Error?.Code == ErrorCode.System, $"{result.Error?.Code}: {result.Message}");
            Assert.Contains("No space left", result.Message, StringComparison.Ordinal);
            Assert.NotNull(result.Error?.Advice);
        });
        Assert.Equal(first.After!.Pid, (await running.StatusAsync()).Pid);
        Assert.Equal("one", await running.GetAsync("/version"));
        File.Delete(Path.Combine(_home.Paths.Home, "filler"));
        await late.MustAsync(ServiceAction.Start);
        await running.MustAsync(ServiceAction.Restart);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nobody")]
    public async Task A_service_that_crashes_on_a_full_disk_is_brought_back_without_it(string? user)
    {
        await MountAsync(_home.Paths.Home, "size=1m");
        var service = new FlaskService(_home, "web",
            more: user is null ? "service: {restart: {delay: 0.1s}}" : $"service: {{restart: {{delay: 0.1s}}, user: {user}}}");
        if (user is not null)
        {
            ThrowawayUser.Open(service.Folder);
            await RunAsync("/bin/chown", "-R", user, service.Folder);
        }

        var first = (await service.MustAsync(ServiceAction.Start)).After!.Pid!.Value;
        Fill(_home.Paths.Home);

        for (var crash = 1; crash <= 2; crash++)
        {
            await RunAsync("/bin/kill", "-9", $"{(await service.StatusAsync()).Pid}");
            await Condition.HoldsAsync(
                async () => await service.StatusAsync() is { State: ServiceState.Running, Restarts: var restarts } && restarts == crash,
                "it is back");
            Assert.Equal("one", await service.GetAsync("/version"));
        }

        // What is in memory is known to the next agent, and goes with the generation.
        var last = await service.StatusAsync();
        Assert.NotEqual(first, last.Pid);
        var memory = new DirectoryInfo(Path.Combine(_home.Paths.ServiceRun("web"), $"{last.Generation}")).LinkTarget!;
        Assert.StartsWith("/dev/shm/", memory, StringComparison.Ordinal);
        File.Delete(Path.Combine(_home.Paths.Home, "filler"));
        await _home.KillAgentAsync();
        Assert.Equal(last.Pid, (await service.StatusAsync()).Pid);
        await service.MustAsync(ServiceAction.Restart);
        Assert.False(Directory.Exists(memory));
        Assert.Null(
            new DirectoryInfo(Path.Combine(_home.Paths.ServiceRun("web"), $"{(await service.StatusAsync()).Generation}")).LinkTarget);
    }

    [Fact]
    public async Task A_log_folder_that_is_read_only_is_told_once_and_the_log_goes_on_when_it_can()
    {
        var folder = Directory.CreateDirectory(_home.Paths.ServiceLogs("muted")).FullName;
        await MountAsync(folder, "size=1m");
        await RunAsync("/bin/mount", "-o", "remount,ro", folder);
        var service = new LocalService(_home, "muted", """
            service: {runner: command, command: [/bin/sh, -c, 'while :; do echo a line; sleep 0.02; done']}
            """);

        await service.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(() => Reported("output of muted is being dropped") == 1, "the trouble is told");
        await service.MustAsync(ServiceAction.Restart);
        await RunAsync("/bin/mount", "-o", "remount,rw", folder);

        await Condition.HoldsAsync(() => Reported("log of muted is written again") == 1, "it is told that it is over");
        Assert.Equal(1, Reported("output of muted is being dropped"));
        await Condition.HoldsAsync(
            () => File.ReadAllText(Path.Combine(folder, "output.log")).StartsWith("a line\n", StringComparison.Ordinal),
            "lines are written");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_catalog_that_is_cut_in_half_is_set_aside_and_its_services_run_on(bool copyToo)
    {
        var service = new FlaskService(_home, "cut");
        var first = await service.MustAsync(ServiceAction.Start);
        await _home.KillAgentAsync();
        var half = File.ReadAllText(_home.Paths.Catalog)[..20];
        File.WriteAllText(_home.Paths.Catalog, half);
        if (copyToo)
            File.WriteAllText(_home.Paths.Catalog + ".copy", half);

        // Without the copy the service has to be made known again, which every order in its folder does.
        if (copyToo)
            Assert.Empty(await _home.Client.Services.GetAsync([], CancellationToken.None));
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);

        Assert.Equal((ServiceState.Running, first.After!.Pid),
            (await service.StatusAsync() is var status ? (status.State, status.Pid) : default));
        Assert.Equal(half, File.ReadAllText(Assert.Single(Directory.GetFiles(_home.Paths.State, "catalog.json.damaged-*"))));
        Assert.Equal(1, Reported("catalog.json is damaged"));
        await _home.RunsOnceAsync("cut", 3);
        await service.MustAsync(ServiceAction.Stop);
    }

    private int Reported(string words)
    {
        using var log = new StreamReader(new FileStream(_home.Paths.AgentLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd().Split(words).Length - 1;
    }

    private async Task MountAsync(string folder, string options)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        Directory.CreateDirectory(folder);
        await RunAsync("/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
        _mounts.Add(folder);
    }

    private static void Fill(string folder)
    {
        using var filler = File.Create(Path.Combine(folder, "filler"), bufferSize: 1);
        try
        {
            while (true)
                filler.WriteByte(0);
        }
        catch (IOException)
        {
            // Not a byte is left.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
