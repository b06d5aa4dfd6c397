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
        var service = new FlaskService(_home, "sleeper",
            app: "import os, time\nif os.path.exists('wait'): time.sleep(60)\n" + FlaskService.App, more: "service: {stop: {timeout: 2m}}");
        var first = verb == "start" ? null : await service.MustAsync(ServiceAction.Start);
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        if (verb != "stop")
            File.WriteAllText(Path.Combine(service.Folder, "wait"), "");
        var slow = verb == "stop" ? await service.BeginAsync("/until/released") : Task.FromResult("done");

        // A stop is there once, and its time is that of one try.
        var goal = verb == "stop" ? Patience.Limit : TimeSpan.FromMilliseconds(200);
        var quickest = await Patience.QuickestAsync(goal, async () =>
        {
            var floor = await InterruptAsync(Process.Start("/bin/sleep", "60"));
            using var command = _home.Start(service.Folder, verb);
            await _home.Client.Services.WaitAsync("sleeper", during, Patience.Limit, CancellationToken.None);
            Assert.NotNull(ProcessIdentity.Of(command.Id));
            var took = await InterruptAsync(command) - floor;
            Assert.Equal(130, command.ExitCode);
            File.WriteAllText(Path.Combine(service.Folder, "released"), "");
            await _home.Client.Services.WaitAsync("sleeper", verb == "restart" ? ServiceState.Running : ServiceState.Stopped,
                Patience.Limit, CancellationToken.None);
            return took;
        });

        Assert.True(quickest < goal, $"it took {quickest.TotalMilliseconds:0} ms");
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
