using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Seeing;

/// <summary>What has happened is known also after the agent that saw it is gone.</summary>
public sealed class ServiceEventTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Why_a_service_crashed_is_known_without_the_agent_and_to_the_next_one()
    {
        var service = Printer.Of(_home, "crasher", $"echo 'about to fail'\n{Printer.AwaitGo}kill -9 $$");
        await service.MustAsync(ServiceAction.Start);
        Printer.Go(service);
        await _home.Client.Services.WaitAsync("crasher", ServiceState.Failed, Patience.Limit, default);
        await _home.KillAgentAsync();
        // As a machine that lost power leaves it.
        await File.AppendAllTextAsync(_home.Paths.Events, """{"sequence":99,"time":"2026-""");

        await Check();
        Assert.Null(await _home.Client.Agent.FindAsync(default));
        // The next agent starts it again, as it is wanted; this time it stays.
        File.Delete(Path.Combine(service.Folder, "go"));
        await _home.Client.Agent.StartAsync(default);
        await Check();
        await _home.Client.Services.WaitAsync("crasher", ServiceState.Running, Patience.Limit, default);
        await service.MustAsync(ServiceAction.Stop);
        await _home.Client.Services.UnregisterAsync("crasher", default);
        await Check();

        async Task Check()
        {
            var events = await ReadAsync(new EventRequest { Services = [] });
            Assert.Equal(events.Select((_, index) => index + 1L), events.Select(happened => happened.Sequence));
            var crash = Assert.Single(events, happened => happened.Kind == ServiceEventKind.Crashed);
            Assert.Equal(("crasher", 9, "SIGKILL"), (crash.Service, crash.Exit!.Signal, crash.Exit.SignalName));
            Assert.Equal(["about to fail"], crash.Exit.LastLines);
            Assert.Contains("signal 9, SIGKILL", crash.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_follower_stays_when_agents_are_replaced_and_misses_and_doubles_nothing()
    {
        var service = Printer.Of(_home, "followed", "exec sleep 600");
        using var end = Patience.Begin();
        var seen = new List<ServiceEvent>();
        var following = Task.Run(async () =>
        {
            await foreach (var happened in _home.Client.Events.ReadAsync(new EventRequest { Services = [], Follow = true }, end.Token))
            {
                seen.Add(happened);
                if (seen.Count(known => known.Kind == ServiceEventKind.Stopped) == 3)
                    return;
            }
        });

        for (var round = 0; round < 3; round++)
        {
            await service.MustAsync(ServiceAction.Start);
            await _home.KillAgentAsync();
            await service.MustAsync(ServiceAction.Stop);
            await _home.Client.Agent.StopAsync(RunningServices.Refuse, end.Token);
        }

        await following;
        Assert.Equal(seen.Select((_, index) => index + 1L), seen.Select(happened => happened.Sequence));
        Assert.Equal(3, seen.Count(happened => happened.Kind == ServiceEventKind.Adopted));
    }

    [Fact]
    public async Task A_failed_start_is_an_event_with_its_error_and_both_faces_choose_by_kind_and_time()
    {
        var service = Printer.Of(_home, "refused", "echo 'no database'\nexit 4", ready: "{log: serving}");
        Assert.Equal(OperationOutcome.Failed, (await service.OrderAsync(ServiceAction.Start)).Outcome);

        var refused = Assert.Single(
            await ReadAsync(
                new EventRequest
                {
                    Services = ["refused"],
                    Kinds = [ServiceEventKind.Refused],
                    Since = DateTimeOffset.Now.AddMinutes(-5)
                }));
        Assert.Equal((ErrorCode.ExitedEarly, "no database"), (refused.Error!.Code, Assert.Single(refused.Error.LogLines)));
        Assert.Contains("exit code 4", refused.Message, StringComparison.Ordinal);

        var json = await _home.RunAsync("/", "events", "refused", "--kind", "refused", "--json");
        Assert.Equal("ExitedEarly", JsonDocument.Parse(json.Output).RootElement.GetProperty("error").GetProperty("code").GetString());
        var lines = await _home.RunAsync(service.Folder, "events", "--lines", "--tail", "1");
        Assert.EndsWith("\n  | no database\n", lines.Output, StringComparison.Ordinal);
        Assert.Empty((await _home.RunAsync("/", "events", "--kind", "crashed")).Output);
        Assert.Equal(1, (await _home.RunAsync("/", "events", "nobody")).Code);
    }

    private async Task<IReadOnlyList<ServiceEvent>> ReadAsync(EventRequest request) =>
        await _home.Client.Events.ReadAsync(request, default).ToListAsync();
}
