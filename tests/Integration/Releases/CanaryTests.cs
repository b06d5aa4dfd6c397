using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Canaries of real uWSGI under load: what they do wrong is counted, and nothing else fails.</summary>
public sealed class CanaryTests
{
    private const string Deploy = "canary: {share: [20%, 50%], for: 4s, min_requests: 15, fail_on: {slower_than: 2x}}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_one_takes_over_with_what_a_canary_leaves_out_and_loses_no_request()
    {
        await using var project = new DeployedProject(
            "canary: {share: [20%, 50%], for: 2s, min_requests: 15, fail_on: {slower_than: 20x}}",
            "  cron: -1 -1 -1 -1 -1 /bin/true\n  mule: mule.py\n  disable-logging: true");
        project.Write("mule.py", """
            import os, time
            open('mule-of-canary' if 'SERVICECTL_CANARY' in os.environ else 'mule-ran', 'w').close()
            while True:
                time.sleep(1)

            """);
        project.Commit("one");
        var first = await project.MustDeployAsync();
        project.Commit("two");
        await using var load = new Answers(project.Port);
        await load.ReachAsync(50);

        var second = await project.DeployAsync();

        Assert.True(second.Error is null, $"{second.Error?.Message}\n{string.Join('\n', second.Error?.LogLines ?? [])}");
        Assert.Empty(second.Warnings);
        var lines = second.Steps.Single(step => step.Step == "switch").Lines;
        Assert.Contains(lines, line => line.StartsWith("50 %: ", StringComparison.Ordinal)
            && line.Contains(" requests, 0 of them 5xx", StringComparison.Ordinal) && line.Contains(" ms each", StringComparison.Ordinal));
        await load.DisposeAsync();
        Assert.True(load.Failed == 0, load.FirstFailure);
        await Condition.HoldsAsync(
            () => File.Exists(Path.Combine(second.Release!.Path, "mule-ran")), "the mule runs in what has taken over");
        Assert.False(File.Exists(Path.Combine(second.Release!.Path, "mule-of-canary")));
        Assert.Equal("two", await project.AnswerAsync());
        Assert.Equal([(first.Id, ReleaseState.Previous), (second.Release.Id, ReleaseState.Current)], await project.ReleasesAsync());
        Assert.Equal([ServiceEventKind.CanaryStarted, ServiceEventKind.CanaryPassed], await EventsAsync(project));
        Assert.Null((await StatusAsync(project)).Canary);
        Assert.Single(project.Home.ProcessesOf("web").Select(process => process.Generation).Distinct());
    }

    [Fact]
    public async Task It_is_shown_while_it_serves_and_whoever_goes_away_withdraws_it()
    {
        await using var project = new DeployedProject("canary: {share: 50%, for: 10m}");
        var first = await project.MustDeployAsync();
        project.Commit("two");
        await using var load = new Answers(project.Port);
        using var away = new CancellationTokenSource();
        var deployment = project.Verbs.DeployAsync(
            new DeployRequest { Folder = project.Folder, Stage = DeployedProject.Stage }, null, away.Token);
        PyServiceCanary? shown = null;
        await Condition.HoldsAsync(async () =>
            (shown = (await StatusAsync(project)).Canary) is { Figures.Requests: > 10 }, "the canary is shown");

        var one = (await project.Home.RunAsync(project.Folder, "status", "web")).Output;
        var table = (await project.Home.RunAsync(project.Folder, "status", "web", "nobody*")).Output;
        var states = await project.ReleasesAsync();
        await away.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deployment);
        Assert.Equal((50, 1, 1), (shown!.Share, shown.Step, shown.Steps));
        Assert.NotNull(shown.Figures.Milliseconds);
        Assert.NotEqual(shown.Figures.Generation, shown.Former.Generation);
        Assert.Contains($"release {shown.Release} has 50 % of new connections (step 1 of 1", one, StringComparison.Ordinal);
        Assert.Contains($"release {shown.Release} has 50 % of new connections", table, StringComparison.Ordinal);
        Assert.Equal([(first.Id, ReleaseState.Current), (shown.Release, ReleaseState.Canary)], states);
        await Condition.HoldsAsync(async () => (await EventsAsync(project)).Contains(ServiceEventKind.CanaryFailed), "it was withdrawn");
        await load.DisposeAsync();
        Assert.True(load.Failed == 0, load.FirstFailure);
        Assert.Equal([(first.Id, ReleaseState.Current), (shown.Release, ReleaseState.Failed)], await project.ReleasesAsync());
        Assert.Null((await StatusAsync(project)).Canary);
        Assert.Single(project.Home.ProcessesOf("web").Select(process => process.Generation).Distinct());
    }

    [Theory]
    [InlineData("exceptions", "it raised a kind of exception that the release that serves does not:", "KeyError in app.py, app")]
    [InlineData("errors", " requests (", " %) were answered with a 5xx")]
    [InlineData("slow", "ms with the release that serves, and 2 times as long is allowed", "a request took")]
    [InlineData("dies", "it ended by itself", "SIGKILL")]
    public async Task A_bad_one_is_taken_back_and_what_it_did_wrong_is_counted_and_bounded(string fault, string reason, string detail)
    {
        await using var project = new DeployedProject("canary: {share: [25%], for: 60s, min_requests: 15, fail_on: {slower_than: 2x}}");
        project.Commit("one", App("one", "known"));
        var first = await project.MustDeployAsync();
        project.Commit("two", App("two", fault));
        var served = project.Home.ProcessesOf("web").Select(process => process.Pid).Order().ToArray();
        await using var load = new Answers(project.Port);
        await load.ReachAsync(50);

        var refused = await project.DeployAsync();

        Assert.Equal((OperationOutcome.Failed, ErrorCode.CanaryFailed), (refused.Outcome, refused.Error?.Code));
        Assert.Contains(reason, refused.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(detail, refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(ReleaseState.Failed, refused.Release!.State);
        Assert.Contains(reason, refused.Release.Problem!, StringComparison.Ordinal);
        Assert.Contains(reason, await File.ReadAllTextAsync(Path.Combine(refused.Release.Path, "deploy.log"), Cancellation),
            StringComparison.Ordinal);
        Assert.Equal(first.Path, new FileInfo(project.Current).LinkTarget);
        // From here on nobody gets a bad answer.
        var (bad, all) = (load.Failed, load.Count);
        await load.ReachAsync(load.Count + 100);
        await load.DisposeAsync();
        Assert.True(load.Failed == bad, load.FirstFailure);
        if (fault == "slow")
            Assert.True(load.Failed == 0, load.FirstFailure);
        else if (fault != "dies")
            Assert.InRange(bad, 1, all / 2);
        Assert.Equal(served, project.Home.ProcessesOf("web").Select(process => process.Pid).Order());
        Assert.Equal([ServiceEventKind.CanaryStarted, ServiceEventKind.CanaryFailed], await EventsAsync(project));
        Assert.Equal("one", await project.AnswerAsync());
    }

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("uvicorn")]
    public async Task gunicorn_and_uvicorn_are_judged_by_their_access_logs(string runner)
    {
        await using var home = new Home();
        var service = ReleasedSamples.Of(home, runner);
        await service.MustAsync(ServiceAction.Start);
        service.ReplaceIn(2, "app.py", "200 OK", "500 Bad");
        service.ReplaceIn(2, "app.py", "'status': 200", "'status': 500 if scope['path'] == '/work' else 200");
        service.ReplaceIn(2, "app.py", "'500 Bad'", "'500 Bad' if environ['PATH_INFO'] == '/work' else '200 OK'");
        await using var load = new Answers(service.Port);
        await load.ReachAsync(20);

        var refused = await SwitchAsync(home, service, [30]);

        Assert.Equal(ErrorCode.CanaryFailed, refused.Error?.Code);
        Assert.Contains("were answered with a 5xx", refused.Message, StringComparison.Ordinal);
        var bad = load.Failed;
        Assert.InRange(bad, 1, load.Count / 2);
        await load.ReachAsync(load.Count + 50);
        Assert.Equal(bad, load.Failed);
        await ReleasedSamples.ServesOnlyAsync(service, "v1");

        service.ReplaceIn(2, "app.py", "500", "200");
        service.ReplaceIn(2, "app.py", "body = b", "body =  b");    // Python takes a file of the same size and second for the same.
        var passed = await SwitchAsync(home, service, [50], seconds: 3);
        Assert.True(passed.Error is null, passed.Message);
        await load.DisposeAsync();
        Assert.Equal(bad, load.Failed);
        await ReleasedSamples.ServesOnlyAsync(service, "v2");
    }

    [Fact]
    public async Task Its_share_is_a_share_of_the_connections_and_the_death_of_the_agent_takes_it_back()
    {
        await using var home = new Home();
        var service = ReleasedSamples.Of(home, "uwsgi");
        await service.MustAsync(ServiceAction.Start);
        var reached = new TaskCompletionSource();
        var order = SwitchAsync(home, service, [20], seconds: 600, step: step =>
        {
            if (step.StartsWith("Canary 1 of 1", StringComparison.Ordinal))
                reached.TrySetResult();
        });
        await reached.Task.WaitAsync(Patience.Limit);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Canary is not null, "the canary serves");

        // Five standard deviations of a binomial distribution are 100; whoever gets 20 % by chance is outside once in a million runs.
        var two = 0;
        for (var i = 0; i < 2500; i++)
            two += await service.GetAsync("/") == "v2" ? 1 : 0;
        Assert.InRange(two, 400, 600);
        var others = home.ProcessesOf(service.Name).Where(process => process.Generation == 1).Select(process => process.Pid).Order()
            .ToArray();

        await using var load = new Answers(service.Port);
        await load.ReachAsync(20);
        await home.KillAgentAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => order);
        // Nobody steers, and both serve.
        await load.ReachAsync(load.Count + 50);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).State is ServiceState.Running, "it was taken on");
        await Condition.HoldsAsync(
            () => home.ProcessesOf(service.Name).Select(process => process.Pid).Order().SequenceEqual(others), "the canary has ended");

        await ReleasedSamples.ServesOnlyAsync(service, "v1");
        await load.DisposeAsync();
        Assert.True(load.Failed == 0, load.FirstFailure);
        Assert.Null((await service.StatusAsync()).Canary);
    }

    [Fact]
    public async Task A_stop_withdraws_it()
    {
        await using var home = new Home();
        var service = ReleasedSamples.Of(home, "uwsgi");
        await service.MustAsync(ServiceAction.Start);
        var order = SwitchAsync(home, service, [50], seconds: 600);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Canary is not null, "the canary serves");

        await service.MustAsync(ServiceAction.Stop);

        Assert.NotNull((await order).Error);
        Assert.Empty(home.ProcessesOf(service.Name));
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task Too_few_requests_are_no_verdict_and_a_warning()
    {
        await using var project = new DeployedProject("canary: {share: 50%, for: 1s, min_requests: 1000}");
        await project.MustDeployAsync();
        project.Commit("two");

        var deployment = await project.DeployAsync();

        Assert.Null(deployment.Error);
        Assert.Contains(deployment.Warnings, warning =>
            warning.Contains("of the 1000 requests needed for a verdict arrived", StringComparison.Ordinal));
        Assert.Equal("two", await project.AnswerAsync());
    }

    [Fact]
    public async Task What_can_not_be_steered_is_refused_by_check_and_deploy()
    {
        await using var project = new DeployedProject(Deploy);
        await project.MustDeployAsync();
        var config = await File.ReadAllTextAsync(Path.Combine(project.Folder, "config.yaml"), Cancellation);
        project.Write("config.yaml", config.Replace($"\"127.0.0.1:{project.Port}\"", $"{project.Root}/web.sock", StringComparison.Ordinal));
        project.Write("deploy.yaml", (await File.ReadAllTextAsync(Path.Combine(project.Folder, "deploy.yaml"), Cancellation))
            .Replace(Deploy, "", StringComparison.Ordinal));
        project.Commit("socket");
        await project.MustDeployAsync();
        project.Write("deploy.yaml", await File.ReadAllTextAsync(Path.Combine(project.Folder, "deploy.yaml"), Cancellation) + Deploy);
        project.Commit("with a canary");

        var check = await project.Home.RunAsync(project.Folder, "deploy", "check", DeployedProject.Stage);
        var refused = await project.DeployAsync();

        Assert.NotEqual(0, check.Code);
        Assert.Contains("web.sock is a Unix socket", check.Output + check.Error, StringComparison.Ordinal);
        Assert.Contains("web.sock is a Unix socket", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Null(refused.Release);
    }

    private static string App(string version, string fault) => $"""
        import os, time

        def app(environ, start_response):
            fault = '{fault}' if environ['PATH_INFO'] == '/work' else 'none'
            if fault == 'exceptions':
                print('on the way')
                return [environ['nothing of that name']]
            if fault == 'dies':
                import signal
                os.kill(os.getppid(), signal.SIGKILL)
            if fault == 'known' and environ['REQUEST_METHOD'] == 'POST':
                raise ValueError('known')
            time.sleep(0.03 if fault == 'slow' else 0.002)
            start_response('500 Bad' if fault == 'errors' else '200 OK', [('Content-Length', str(len('{version}')))])
            return [b'{version}']

        """;

    private static async Task<PyServiceStatus> StatusAsync(DeployedProject project) =>
        Assert.Single(await project.Home.Client.Services.GetStatusAsync(["web"], Cancellation));

    private static async Task<IReadOnlyList<ServiceEventKind>> EventsAsync(DeployedProject project)
    {
        var kinds = new List<ServiceEventKind>();
        await foreach (var happened in project.Home.Client.Events.ReadAsync(new EventRequest { Services = ["web"] }, Cancellation))
        {
            if (happened.Kind is ServiceEventKind.CanaryStarted or ServiceEventKind.CanaryPassed or ServiceEventKind.CanaryFailed)
                kinds.Add(happened.Kind);
        }

        return kinds;
    }

    private static Task<OperationResult> SwitchAsync(
        Home home, ReleasedService service, IReadOnlyList<double> shares, double seconds = 60, Action<string>? step = null) =>
        home.Client.Services.SwitchReleaseAsync(
            new ReleaseSwitchRequest
            {
                Service = service.Name,
                Release = service.ReleaseFolder(2),
                Link = service.Folder,
                Canary = new ReleaseCanary { Shares = shares, StepSeconds = seconds, MinRequests = 10, NewExceptions = 1, ErrorRate = 1 },
            },
            new Steps(step ?? (_ => { })), Cancellation);

    private sealed class Steps(Action<string> take) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => take(value.Step);
    }
}
