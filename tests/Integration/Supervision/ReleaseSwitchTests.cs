using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>A release takes the place of another: proven first, then the link, then the connections; whoever dies meanwhile.</summary>
public sealed class ReleaseSwitchTests : IAsyncDisposable
{
    private static readonly ReleaseChecks Well = new() { Pages = [new ReleasePage { Path = "/", Status = 200 }] };
    private static readonly ReleaseChecks Unwell = new() { Pages = [new ReleasePage { Path = "/", Status = 418 }] };

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    public static TheoryData<string> Runners => ["uwsgi", "gunicorn", "uvicorn", "command"];

    [Theory]
    [MemberData(nameof(Runners))]
    public async Task A_release_is_proven_beside_the_one_that_serves_and_no_request_is_lost(string runner)
    {
        var service = Released(runner);
        var before = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(50);
        var steps = new List<string>();

        var result = await SwitchAsync(service, 2, Well with { HoldSeconds = 0.3 }, steps.Add);

        Assert.True(result.Outcome is OperationOutcome.Done, result.Message);
        Assert.Contains("was switched to release 2", result.Message, StringComparison.Ordinal);
        Assert.Contains(steps, step => step.StartsWith("Checking /", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.Contains("Pointing", StringComparison.Ordinal));
        await ServesOnlyAsync(service, "v2");
        Assert.Equal(service.ReleaseFolder(2), new FileInfo(service.Folder).LinkTarget);
        Assert.NotEqual(before.After!.Pid, result.After!.Pid);
        Assert.Equal(service.ReleaseFolder(2), new FileInfo($"/proc/{result.After.Pid}/cwd").LinkTarget);
        var status = await service.StatusAsync();
        Assert.Null(status.ConfigChange);
        Assert.Equal(service.Folder, status.Path);
        Assert.Equal(OperationOutcome.Unchanged, (await SwitchAsync(service, 2)).Outcome);
        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, 1)).Outcome);
        await ServesOnlyAsync(service, "v1");
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public async Task A_release_that_answers_wrongly_leaves_everything_as_it_was(string runner)
    {
        var service = Released(runner);
        var before = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);

        var result = await SwitchAsync(service, 2, Unwell);

        Assert.Equal((OperationOutcome.Failed, ErrorCode.NotReady), (result.Outcome, result.Error!.Code));
        Assert.Contains($"http://127.0.0.1:{service.Port}/ answered 200, not 418", result.Message, StringComparison.Ordinal);
        Assert.Contains("was not touched", result.Message, StringComparison.Ordinal);
        Assert.Equal((ServiceState.Running, before.After!.Pid), (result.After!.State, result.After.Pid));
        Assert.Equal("releases/1", new FileInfo(service.Folder).LinkTarget);
        await ServesOnlyAsync(service, "v1");
        await load.ReachAsync(load.Succeeded + 20);
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Fact]
    public async Task The_tests_of_the_release_are_asked_of_the_release()
    {
        var service = Released("uwsgi");
        await service.MustAsync(ServiceAction.Start);
        File.WriteAllText(Path.Combine(service.ReleaseFolder(2), "tests.yaml"), """
            unit:
              - {name: own code, from: app, import: RELEASE, expected: 3}
            """);
        File.AppendAllText(Path.Combine(service.ReleaseFolder(2), "app.py"), "\n\ndef RELEASE():\n    return 2\n");

        var refused = await SwitchAsync(service, 2, new ReleaseChecks { Tests = ["critical"] });

        Assert.True(refused.Error?.Code is ErrorCode.TestFailed, refused.Message);
        await ServesOnlyAsync(service, "v1");
        File.WriteAllText(Path.Combine(service.ReleaseFolder(2), "tests.yaml"),
            File.ReadAllText(Path.Combine(service.ReleaseFolder(2), "tests.yaml")).Replace("3", "2", StringComparison.Ordinal));
        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, 2, new ReleaseChecks { Tests = ["critical"] })).Outcome);
        await ServesOnlyAsync(service, "v2");
    }

    [Fact]
    public async Task A_release_that_dies_while_it_is_watched_is_not_taken()
    {
        var service = Released("command");
        await service.MustAsync(ServiceAction.Start);
        service.ReplaceIn(2, "server.py", "# hold", "threading.Timer(1, lambda: os._exit(7)).start()");

        var result = await SwitchAsync(service, 2, new ReleaseChecks { HoldSeconds = 60 });

        Assert.Equal(ErrorCode.ExitedEarly, result.Error!.Code);
        Assert.Contains("exit code 7", result.Message, StringComparison.Ordinal);
        await ServesOnlyAsync(service, "v1");
    }

    [Theory]
    [InlineData("uwsgi")]
    [InlineData("gunicorn")]
    [InlineData("command")]
    public async Task What_can_not_overlap_goes_back_to_the_old_release(string runner)
    {
        var service = Released(runner, socket: "own");
        await service.MustAsync(ServiceAction.Start);

        var refused = await SwitchAsync(service, 2, Unwell);

        Assert.Contains("was started again with the configuration it had before", refused.Message, StringComparison.Ordinal);
        await ServesOnlyAsync(service, "v1");
        Assert.Equal("releases/1", new FileInfo(service.Folder).LinkTarget);
        var taken = await SwitchAsync(service, 2, Well);
        Assert.True(taken.Outcome is OperationOutcome.Done, taken.Message);
        await ServesOnlyAsync(service, "v2");
        Assert.Equal(service.ReleaseFolder(2), new FileInfo(service.Folder).LinkTarget);
    }

    [Fact]
    public async Task What_is_not_known_yet_is_registered_by_the_link_when_its_first_release_serves()
    {
        var service = Released("gunicorn");
        File.Delete(service.Folder);

        var result = await SwitchAsync(service, 1, called: service.Folder);

        Assert.True(result.Outcome is OperationOutcome.Done, result.Message);
        Assert.Equal((service.Name, service.Folder), (result.Service, result.After!.Path));
        await ServesOnlyAsync(service, "v1");
        Assert.Equal(service.ReleaseFolder(1), new FileInfo(service.Folder).LinkTarget);
        await service.MustAsync(ServiceAction.Stop);
        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, 2)).Outcome);
        await ServesOnlyAsync(service, "v2");
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_link_is_refused_before_anything_is_done()
    {
        var service = Released("gunicorn");
        await service.MustAsync(ServiceAction.Start);
        File.Delete(service.Folder);
        Directory.CreateDirectory(service.Folder);

        var result = await SwitchAsync(service, 2);

        Assert.Contains("is a folder, not a link", result.Message, StringComparison.Ordinal);
        await ServesOnlyAsync(service, "v1");
    }

    [Fact]
    public async Task Paths_that_go_through_the_link_are_the_release_s_before_the_link_moves()
    {
        var service = new ReleasedService(_home, "through",
            """
            service: {ready: {http: /} }
            uwsgi: {http-socket: "127.0.0.1:PORT", chdir: CURRENT, wsgi-file: CURRENT/app.py, callable: app}
            """);
        await service.MustAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, 2)).Outcome);

        await ServesOnlyAsync(service, "v2");
    }

    [Theory]
    [InlineData("uwsgi", true)]
    [InlineData("gunicorn", true)]
    [InlineData("gunicorn", false)]
    public async Task A_Unix_socket_is_reached_through_the_link_all_the_time(string runner, bool isShared)
    {
        var service = new ReleasedService(_home, "unix", runner == "uwsgi"
            ? "service: {ready: {http: /}}\nuwsgi: {processes: 2, module: app, callable: app, http-socket: run/web.sock}"
            : "service: {runner: gunicorn, app: 'app:app', listen: 'unix:run/web.sock', ready: {http: /}}");
        var shared = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(service.Folder)!, "shared")).FullName;
        foreach (var number in (int[])[1, 2])
        {
            if (isShared)
                File.CreateSymbolicLink(Path.Combine(service.ReleaseFolder(number), "run"), shared);
            else
                Directory.CreateDirectory(Path.Combine(service.ReleaseFolder(number), "run"));
        }

        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(limit => AskUnixAsync(service, limit), clients: 2);
        await load.ReachAsync(20);

        var result = await SwitchAsync(service, 2, Well);

        Assert.True(result.Outcome is OperationOutcome.Done, result.Message);
        await load.ReachAsync(load.Succeeded + 20);
        Assert.Equal("v2", await service.GetFromUnixAsync("run/web.sock", "/"));
        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, 1, Well)).Outcome);
        Assert.Equal("v1", await service.GetFromUnixAsync("run/web.sock", "/"));
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public async Task Roots_agent_switches_with_the_rights_of_the_service_s_user(string runner)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        using var user = new ThrowawayUser();
        var service = Released(runner);
        var root = Path.GetDirectoryName(service.Folder)!;
        foreach (var number in (int[])[1, 2])
        {
            service.ReplaceIn(number, "config.yaml", "service: {", $"service: {{user: {user.Name}, ");
            service.ReplaceIn(number, "config.yaml", "{runner: command", $"{{user: {user.Name}, runner: command");
            ThrowawayUser.Open(service.ReleaseFolder(number));
        }

        user.Own(root);
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(20);

        var result = await SwitchAsync(service, 2, Well);

        Assert.True(result.Outcome is OperationOutcome.Done, result.Message);
        await ServesOnlyAsync(service, "v2");
        Assert.Equal(user.Name, FileOwner.Find(service.Folder));
        await _home.KillAgentAsync();
        Assert.Equal((ServiceState.Running, result.After!.Pid), ((await service.StatusAsync()).State, (await service.StatusAsync()).Pid));
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    private static async Task AskUnixAsync(LocalService service, CancellationToken limit)
    {
        try
        {
            _ = await service.GetFromUnixAsync("run/web.sock", "/").WaitAsync(limit);
        }
        catch (HttpRequestException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private Task<OperationResult> SwitchAsync(
        ReleasedService released, int number, ReleaseChecks? checks = null, Action<string>? step = null, string? called = null) =>
        ReleasedSamples.SwitchAsync(_home, released, number, checks, step, called);

    private static Task ServesOnlyAsync(LocalService service, string version) => ReleasedSamples.ServesOnlyAsync(service, version);

    private ReleasedService Released(string runner, string socket = "pass") => ReleasedSamples.Of(_home, runner, socket);
}
