using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>What an agent knows of destinations while it starts.</summary>
public sealed class AlertDispatcherTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("alerts-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly ExitWatcher _watcher = new();
    private readonly EventHub _events;
    private readonly AgentPaths _paths;

    public AlertDispatcherTests()
    {
        _paths = AgentPaths.For(name => name == "SERVICECTL_HOME" ? _home : null, "somebody");
        _events = new EventHub(Path.Combine(_home, "events.jsonl"), Serilog.Core.Logger.None);
    }

    private Dictionary<string, long> Since => new(AlertRoutes.Read(_paths.Alerts)?.Since ?? new Dictionary<string, long>());

    public void Dispose()
    {
        _events.Dispose();
        _watcher.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_destination_of_a_service_that_is_not_known_yet_is_not_forgotten_while_an_agent_starts()
    {
        var (one, two) = (Of("one"), Of("two"));
        var since = new Dictionary<string, long>
        {
            [one.Alerts!.Destinations[0].Key] = 5,
            [two.Alerts!.Destinations[0].Key] = 6,
        };
        new AlertRoutes
        {
            Since = since,
        }.Write(_paths.Alerts);
        await using var dispatcher = New();

        dispatcher.Follow(one, isServing: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        dispatcher.Follow(two, isServing: false);
        Assert.Empty(AlertRoutes.Read(_paths.Alerts)!.Services);
        dispatcher.Resume();
        _time.Advance(TimeSpan.FromSeconds(1));

        while (AlertRoutes.Read(_paths.Alerts)!.Services.Count < 2)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(since, Since);
    }

    [Fact]
    public async Task Routes_that_can_not_be_read_hold_up_no_agent()
    {
        Directory.CreateDirectory(AlertRoutes.FileIn(_paths.Alerts));

        await using var dispatcher = New();

        Assert.Empty(dispatcher.List(["one"]));
    }

    private AlertDispatcher New() => new(
        _paths, new AlertProcess(_paths, _watcher, _ => { }), _events, _ => true, _time);

    private static ServiceDefinition Of(string name) => new()
    {
        Name = name,
        Folder = "/",
        ConfigPath = "/config.yaml",
        Runner = "command",
        Alerts = new AlertRule
        {
            Destinations =
            [
                new AlertDestination
                {
                    Channel = AlertChannel.Slack,
                    Url = $"https://hooks.example.org/{name}",
                },
            ],
        },
    };
}
