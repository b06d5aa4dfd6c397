using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary><c>service.user</c>: root's agent runs services as somebody else; other agents refuse to.</summary>
public sealed class OtherUserTests : IAsyncDisposable
{
    private const string Somebody = "nobody";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Roots_agent_runs_a_service_as_the_user_it_names_through_restarts_and_gives_it_nothing_of_root()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        var service = new FlaskService(_home, "humble", more: $"service: {{user: {Somebody}}}",
            app: FlaskService.App + "\nprint('printed by', os.getuid(), flush=True)\n");
        ThrowawayUser.Open(service.Folder);

        await service.MustAsync(ServiceAction.Start);
        await AssertHumbleAsync(service);
        service.Replace("app.py", "'one'", "'two'");
        await service.MustAsync(ServiceAction.HotRestart);
        Assert.Equal("two", await service.GetAsync("/version"));
        await AssertHumbleAsync(service);
        await service.MustAsync(ServiceAction.Restart);
        await AssertHumbleAsync(service);

        await service.MustAsync(ServiceAction.Stop);
        Assert.Empty(_home.ProcessesOf("humble"));
        Assert.Contains("printed by 65534", await File.ReadAllTextAsync(_home.Paths.ServiceOutput("humble")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gunicorn", "app:app")]
    [InlineData("uvicorn", "api:app")]
    public async Task Other_servers_run_as_that_user_too(string runner, string application)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        var service = new LocalService(
            _home, "humble", $"service: {{runner: {runner}, app: '{application}', listen: 127.0.0.1:PORT, user: '65534'}}\n",
            ("app.py", FlaskService.App), ("api.py", RunnerSamples.FastApi));
        ThrowawayUser.Open(service.Folder);

        await service.MustAsync(ServiceAction.Start);
        if (runner == "gunicorn")
            await service.MustAsync(ServiceAction.HotRestart);
        await service.MustAsync(ServiceAction.Restart);

        Assert.Equal("one", await service.GetAsync("/version"));
        AssertHumble(service);
        var folder = $"{_home.Paths.ServiceRun("humble")}/{(await service.StatusAsync()).Generation}";
        Assert.Equal("0 600\n65534 700\n",
            (await CommandResult.RunAsync("/usr/bin/stat", "-c", "%u %a", folder + "/serving.json", folder + "/0")).Output);
    }

    [Fact]
    public async Task Such_a_user_sees_nothing_of_the_agents()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        var service = new FlaskService(_home, "curious", more: $"service: {{user: {Somebody}}}");
        ThrowawayUser.Open(service.Folder);
        await service.MustAsync(ServiceAction.Start);
        var home = _home.Paths.Home;

        var seen = await CommandResult.RunAsync(
            "setpriv", "--reuid", Somebody, "--regid", "nogroup", "--clear-groups", "find", home, $"{home}/run", $"{home}/state",
            $"{home}/run/curious/1/0", "-readable", "-not", "-type", "d");

        var own = $"{home}/run/curious/1/0/";
        Assert.All(seen.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            file => Assert.StartsWith(own, file, StringComparison.Ordinal));
        Assert.Contains(own, seen.Output, StringComparison.Ordinal);
        var lockable = await CommandResult.RunAsync("setpriv", "--reuid", Somebody, "--regid", "nogroup", "--clear-groups", "test", "-r",
            _home.Paths.AgentLock);
        Assert.Equal(1, lockable.Code);
    }

    [Fact]
    public async Task A_user_that_does_not_exist_is_an_error_and_what_runs_goes_on()
    {
        var service = new FlaskService(_home, "steady");
        await service.MustAsync(ServiceAction.Start);
        await File.AppendAllTextAsync(service.Config, "service: {user: no-such-user}\n");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("no user 'no-such-user'", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("useradd", result.Error.Advice, StringComparison.Ordinal);
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task Everybody_has_an_agent_of_their_own_which_may_not_become_somebody_else()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become an ordinary user here");
        var service = new FlaskService(_home, "own", more: "service: {user: root}");
        ThrowawayUser.Open(service.Folder);
        Assert.Equal(0, (await CommandResult.RunAsync("/bin/chown", "-R", Somebody, service.Folder)).Code);
        var home = _home.Folder("ordinary");
        Assert.Equal(0, (await CommandResult.RunAsync("/bin/chown", Somebody, home)).Code);
        try
        {
            var refused = await AsSomebodyAsync("start");
            Assert.Equal(1, refused.Code);
            Assert.Contains("only root may start programs as somebody else", refused.Error, StringComparison.Ordinal);

            service.Replace("config.yaml", "user: root", $"user: {Somebody}");
            var started = await AsSomebodyAsync("start");
            Assert.True(started.Code == 0, started.Error);
            Assert.Equal("one", await service.GetAsync("/version"));
        }
        finally
        {
            var ended = await AsSomebodyAsync("agent", "stop", "--force");
            Assert.True(ended.Code == 0, ended.Error);
        }

        Task<CommandResult> AsSomebodyAsync(params string[] arguments) => CommandResult.RunAsync(
            "setpriv", ["--reuid", Somebody, "--regid", "nogroup", "--clear-groups", "env", "-C", service.Folder,
                $"SERVICECTL_HOME={home}/agent", Home.Executable, .. arguments]);
    }

    private async Task AssertHumbleAsync(FlaskService service)
    {
        Assert.Equal("{\"pong\":true}", (await service.GetAsync("/ping")).Trim());
        Assert.Equal(Somebody, await service.GetAsync("/environment/USER"));
        Assert.Equal("/nonexistent", await service.GetAsync("/environment/HOME"));
        AssertHumble(service);
    }

    private void AssertHumble(LocalService service)
    {
        var processes = _home.ProcessesOf(service.Name);
        Assert.NotEmpty(processes);
        Assert.All(processes, process =>
        {
            Assert.Equal("65534\t65534\t65534\t65534", Status(process.Pid, "Uid:"));
            Assert.Equal("65534\t65534\t65534\t65534", Status(process.Pid, "Gid:"));
            Assert.DoesNotContain(" 0 ", $" {Status(process.Pid, "Groups:")} ", StringComparison.Ordinal);
            Assert.Equal(0ul, Convert.ToUInt64(Status(process.Pid, "CapEff:"), 16));
        });
    }

    private static string Status(int pid, string name) =>
        File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
