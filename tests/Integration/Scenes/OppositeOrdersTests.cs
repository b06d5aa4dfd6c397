using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 5: sessions with opposite wishes are served one after the other, and each gets a true answer.</summary>
public sealed class OppositeOrdersTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Many_at_once_are_served_one_after_the_other()
    {
        var service = new FlaskService(_home, "contested");
        await service.MustAsync(ServiceAction.Start);

        var orders = new[] { ServiceAction.Stop, ServiceAction.Start, ServiceAction.Restart, ServiceAction.Stop };
        var results = await Task.WhenAll(orders.Select(action => service.OrderAsync(action)));

        // A stop withdraws what is being started.
        Assert.All(results,
            result => Assert.True(result.Outcome != OperationOutcome.Failed || result.Error!.Code == ErrorCode.Cancelled, result.Message));
        var status = await service.StatusAsync();
        Assert.Equal(status.State == ServiceState.Running, status.Listening);
        Assert.Contains(status.State, new[] { ServiceState.Running, ServiceState.Stopped });
    }

    [Theory]
    [InlineData("start", "stop")]
    [InlineData("restart", "stop")]
    [InlineData("hot_restart", "restart")]
    public async Task Two_commands_at_once_both_say_what_became_of_the_service(string one, string other)
    {
        var service = new FlaskService(_home, "torn");
        await service.MustAsync(ServiceAction.Start);
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(_home.RunAsync(service.Folder, one, "--json"),
                _home.RunAsync(service.Folder, other, "--json"));

            foreach (var answer in answers)
            {
                var result = JsonDocument.Parse(answer.Output).RootElement[0];
                var outcome = result.GetProperty("outcome").GetString();
                Assert.Equal(outcome == "Failed" ? 1 : 0, answer.Code);
                // What failed was withdrawn by the other, or came when there was nothing to reload any more.
                if (outcome == "Failed")
                    Assert.Matches("^(Cancelled|InvalidState)$", result.GetProperty("error").GetProperty("code").GetString());
                else
                    Assert.Equal(result.GetProperty("action").GetString() == "Stop" ? "Stopped" : "Running",
                        result.GetProperty("after").GetProperty("state").GetString());
            }

            var status = await service.StatusAsync();
            Assert.Contains(status.State, new[] { ServiceState.Running, ServiceState.Stopped });
            await _home.RunsOnceAsync("torn", status.State == ServiceState.Running ? 3 : 0);
        }
    }

    [Fact]
    public async Task One_that_is_unregistered_while_another_session_starts_it_either_runs_and_is_known_or_is_neither()
    {
        var service = new LocalService(_home, "leaving", """
            service: {runner: command, command: [/bin/sleep, '1000']}
            """);
        for (var round = 0; round < 10; round++)
        {
            await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
            var start = _home.RunAsync("/", "start", "leaving");
            try
            {
                await _home.Client.Services.UnregisterAsync("leaving", CancellationToken.None);
            }
            catch (ServiceCtlException error)
            {
                Assert.Equal(ErrorCode.InvalidState, error.Code);
            }

            var answer = await start;
            var isKnown = (await _home.Client.Services.GetAsync([], CancellationToken.None)).Count == 1;
            Assert.Equal(isKnown ? 0 : 1, answer.Code);
            Assert.Equal(isKnown ? 1 : 0, _home.ProcessesOf("leaving").Count);
            if (isKnown)
                await service.MustAsync(ServiceAction.Stop);
        }
    }
}
