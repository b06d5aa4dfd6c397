using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Remote;

/// <summary>A service that is no project of the wrapper kit, and takes pushes all the same.</summary>
public sealed class OtherServiceTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Where_generations_overlap_the_one_before_serves_on_when_a_configuration_is_taken_back()
    {
        var code = RunnerSamples.Server.Replace(
            "VERSION = 'one'",
            "import json\nCONFIG = json.load(open(os.environ['CONFIG_FILE']))\nVERSION = CONFIG.get('version', 'none')\nif VERSION == "
                + "'bad':\n    sys.exit('bad version')", StringComparison.Ordinal);
        var service = new LocalService(
            _home, "other",
            "service: {runner: command, listen: '127.0.0.1:PORT', command: [/usr/bin/python3, server.py, --fd, '{fd}'], remote: {file: "
                + "run/config.json}}\n", ("server.py", code), ("run/.keep", ""));
        Assert.Equal(ServiceState.Idle, (await service.MustAsync(ServiceAction.Start)).After!.State);

        Assert.Equal(ConfigPushOutcome.Applied, (await PushAsync("{}")).Outcome);
        Assert.Equal("none", await service.GetAsync("/version"));
        var pid = (await service.StatusAsync()).Pid;

        await using var load = new Load(service.Port);
        var push = await PushAsync("""{"version": "bad"}""");
        Assert.Equal((ConfigPushOutcome.RolledBack, ErrorCode.ExitedEarly), (push.Outcome, push.Error?.Code));
        Assert.Equal(pid, (await service.StatusAsync()).Pid);
        Assert.Equal("{}\n", File.ReadAllText(Path.Combine(service.Folder, "run/config.json")));

        Assert.Equal(ConfigPushOutcome.Applied, (await PushAsync("""{"version": "two"}""")).Outcome);
        Assert.Equal("two", await service.GetAsync("/version"));
        await load.ReachAsync(load.Succeeded + 50);
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Fact]
    public async Task A_service_without_a_file_for_it_says_so()
    {
        var service = new LocalService(_home, "other", "service: {runner: command, command: [/bin/sleep, '1000'], ready: {delay: 10ms}}\n");
        await service.MustAsync(ServiceAction.Start);

        var refusal = await Assert.ThrowsAsync<ServiceCtlException>(() => PushAsync("{}"));

        Assert.Equal(ErrorCode.InvalidState, refusal.Code);
        Assert.Contains("service.remote.file", refusal.Advice, StringComparison.Ordinal);
    }

    private Task<PyServiceConfigPush> PushAsync(string text) =>
        _home.Client.Configuration.PushAsync(new ConfigPushRequest { Service = "other", Text = text }, CancellationToken.None);
}
