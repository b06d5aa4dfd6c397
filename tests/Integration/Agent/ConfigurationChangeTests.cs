using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Agent;

/// <summary>What the agent does when the configuration of a running service changes.</summary>
public sealed class ConfigurationChangeTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_change_is_told_and_the_service_goes_on()
    {
        var folder = Service("told", onChange: "tell");
        var pid = await StartAsync(folder, "told");

        File.AppendAllText(Path.Combine(folder, "config.yaml"), "  environment: {COLOUR: red}\n");
        await LogSaysAsync(
            "ConfigChanged\": The configuration has changed: service.environment.COLOUR (Restart). A restart makes it count.");
        File.AppendAllText(Path.Combine(folder, "config.yaml"), "  no_such_key: 1\n");
        await LogSaysAsync("ConfigRefused\": The configuration was changed and is wrong, so nothing was done.");

        Assert.Equal(pid, await PidAsync("told"));
    }

    [Fact]
    public async Task A_service_that_asks_for_it_is_restarted()
    {
        var folder = Service("eager", onChange: "restart");
        var pid = await StartAsync(folder, "eager");

        File.AppendAllText(Path.Combine(folder, "config.yaml"), "  environment: {COLOUR: red}\n");

        await LogSaysAsync("\"Restarted\": eager was restarted");
        Assert.NotEqual(pid, await PidAsync("eager"));
    }

    [Theory]
    [InlineData("config.toml", "[service]\nrunner = 'command'\ncommand = ['sleep', '1000']\nready.delay = '10ms'\n")]
    [InlineData("config.json",
        "{\"service\": {\"runner\": \"command\", \"command\": [\"sleep\", \"1000\"], \"ready\": {\"delay\": \"10ms\"}}}")]
    [InlineData("config.ini", "[service]\nrunner = command\ncommand = [sleep, 1000]\n[service.ready]\ndelay = 10ms\n")]
    public async Task A_service_may_be_defined_in_any_format(string name, string text)
    {
        var folder = _home.Folder("formats");
        File.WriteAllText(Path.Combine(folder, name), text);

        Assert.True(await StartAsync(folder, "formats") > 0);
    }

    private string Service(string name, string onChange)
    {
        var folder = _home.Folder(name);
        File.WriteAllText(
            Path.Combine(folder, "config.yaml"),
            $"service:\n  runner: command\n  command: [sleep, '1000']\n  ready: {{delay: 10ms}}\n  on_change: {onChange}\n");
        return folder;
    }

    private async Task<int> StartAsync(string folder, string name)
    {
        var started = await _home.RunAsync(folder, "start");
        Assert.True(started.Code == 0, started.Error + started.Output);
        return await PidAsync(name);
    }

    private async Task<int> PidAsync(string name) =>
        Assert.Single(await _home.Client.Services.GetAsync([name], CancellationToken.None)).Pid
            ?? throw new InvalidOperationException($"{name} does not run.");

    private Task LogSaysAsync(string words) => Condition.HoldsAsync(
        async () => (await File.ReadAllTextAsync(_home.Paths.AgentLog)).Contains(words, StringComparison.Ordinal),
        $"the agent's log says: {words}");
}
