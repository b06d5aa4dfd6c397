using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 7, for the command; Interrupt.Tests.ps1 has the cmdlets.</summary>
public sealed class InterruptTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("start", ServiceState.Starting)]
    [InlineData("restart", ServiceState.Restarting)]
    [InlineData("stop", ServiceState.Stopping)]
    public async Task Ctrl_C_ends_the_command_within_200_ms_and_the_service_is_as_it_was(string verb, ServiceState during)
    {
        var service = new FlaskService(_home, "sleeper", app: "import os, time\nif os.path.exists('wait'): time.sleep(60)\n" + FlaskService.App, more: "service: {stop: {timeout: 20s}}");
        var first = verb == "start" ? null : await service.MustAsync(ServiceAction.Start);
        await _home.Manager.RegisterAsync(service.Folder, null, CancellationToken.None);
        if (verb != "stop")
            File.WriteAllText(Path.Combine(service.Folder, "wait"), "");
        var slow = verb == "stop" ? service.GetAsync("/slow/4.0") : Task.FromResult("done");
        if (verb == "stop")
            await service.GetAsync("/version");

        // On a machine that is busy with something else a try may be held up, as every program is; not all of them.
        var quickest = TimeSpan.MaxValue;
        for (var i = 0; i < (verb == "stop" ? 1 : 10) && quickest > TimeSpan.FromMilliseconds(200); i++)
        {
            var floor = await InterruptAsync(Process.Start("/bin/sleep", "60"));
            using var command = _home.Start(service.Folder, verb);
            await _home.Manager.WaitAsync("sleeper", during, TimeSpan.FromSeconds(60), CancellationToken.None);
            Assert.NotNull(ProcessIdentity.Of(command.Id));
            var took = await InterruptAsync(command) - floor;
            quickest = took < quickest ? took : quickest;
            Assert.Equal(130, command.ExitCode);
            await _home.Manager.WaitAsync("sleeper", verb == "restart" ? ServiceState.Running : ServiceState.Stopped, TimeSpan.FromSeconds(60), CancellationToken.None);
        }

        Assert.True(quickest < TimeSpan.FromMilliseconds(verb == "stop" ? 1000 : 200), $"it took {quickest.TotalMilliseconds:0} ms");
        // A stop that has begun is carried through, and cuts nobody off.
        Assert.Equal("done", await slow);
        Assert.Equal(verb == "restart" ? first!.After!.Pid : null, (await service.StatusAsync()).Pid);
    }

    private static async Task<TimeSpan> InterruptAsync(Process process)
    {
        var sent = Stopwatch.GetTimestamp();
        using (Process.Start("/bin/kill", ["-INT", $"{process.Id}"]))
            await process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(sent);
    }
}
