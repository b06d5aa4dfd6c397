using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary><c>runner: container</c> with real engines: what every runner does, and how the container is made.</summary>
public sealed class ContainerRunnerTests(ContainerEngines engines) : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("docker")]
    [InlineData("podman")]
    public async Task It_serves_logs_and_leaves_nothing(string name)
    {
        var engine = await engines.OfAsync(name);
        var service = new ContainerService(_home, engine, "web");

        await service.MustAsync(ServiceAction.Start);

        Assert.Equal("one", await service.GetAsync("/version"));
        await service.HasOneContainerAsync();
        await service.MustAsync(ServiceAction.Stop);
        await service.HasNoContainerAsync();
        var log = await File.ReadAllLinesAsync(Path.Combine(_home.Paths.ServiceLogs("web"), "output.log"));
        Assert.Equal(["serving", "finished"], log);
        Assert.Empty(_home.ProcessesOf("web"));
    }

    [Fact]
    public async Task What_takes_long_to_finish_has_the_whole_of_its_time()
    {
        var service = new ContainerService(_home, await engines.DockerAsync(), "web", service: ", stop: { timeout: 20s }",
            code: RunnerSamples.Server.Replace(
                "print('finished'", "__import__('time').sleep(4); print('finished'", StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);

        var stopped = await service.MustAsync(ServiceAction.Stop);

        Assert.Empty(stopped.Warnings);
        Assert.Equal("finished", (await File.ReadAllLinesAsync(Path.Combine(_home.Paths.ServiceLogs("web"), "output.log")))[^1]);
        await service.HasNoContainerAsync();
    }

    [Theory]
    [InlineData("docker", 20)]
    [InlineData("podman", 3)]
    public async Task Restarts_under_load_swap_containers_and_lose_no_request(string name, int restarts)
    {
        var service = new ContainerService(_home, await engines.OfAsync(name), "web");
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        var version = "one";
        for (var restart = 1; restart <= restarts; restart++)
        {
            await load.ReachAsync(load.Succeeded + 50);
            service.Replace("server.py", $"VERSION = '{version}'", $"VERSION = '{restart}'");
            version = $"{restart}";
            await service.MustAsync(ServiceAction.Restart);
            Assert.Equal(version, await service.GetAsync("/version"));
        }

        await load.ReachAsync(load.Succeeded + 200);
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Succeeded + load.Failed} requests failed: {load.FirstFailure}");
        await service.HasOneContainerAsync();
    }

    [Fact]
    public async Task On_a_unix_socket_restarts_lose_nothing_either()
    {
        var service = new ContainerService(_home, await engines.DockerAsync(), "web", listen: "unix:web.sock");
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(async _ => Assert.Equal("one", await service.GetFromUnixAsync("web.sock", "/version")), clients: 2);
        for (var restart = 1; restart <= 3; restart++)
        {
            await load.ReachAsync(load.Succeeded + 50);
            await service.MustAsync(ServiceAction.Restart);
        }

        await load.ReachAsync(load.Succeeded + 50);
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Succeeded + load.Failed} requests failed: {load.FirstFailure}");
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("podman")]
    public async Task It_is_hardened_and_limited(string name)
    {
        var service = new ContainerService(_home, await engines.OfAsync(name), "hard", service: ", limits: { memory: 128MB, cpu: 50% }",
            code: RunnerSamples.Server.Replace("repr(dict(os.environ))",
                "(open('/proc/self/status').read() + repr(os.path.ismount('/tmp')) + os.popen('touch /x 2>&1').read())",
                StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);

        var seen = await service.GetAsync("/");
        Assert.Contains("Uid:\t65534\t65534\t65534\t65534", seen, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000000", seen, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", seen, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", seen, StringComparison.Ordinal);
        Assert.Contains("True", seen, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", seen, StringComparison.Ordinal);
        var host = (await service.InspectAsync()).GetProperty("HostConfig");
        Assert.True(host.GetProperty("ReadonlyRootfs").GetBoolean());
        Assert.Equal(128_000_000, host.GetProperty("Memory").GetInt64(), 8_000_000.0);
        Assert.Equal("none", host.GetProperty("NetworkMode").GetString());
    }

    [Fact]
    public async Task Each_hardening_can_be_switched()
    {
        var service = new ContainerService(_home, await engines.DockerAsync(), "soft", ", user: root, read_only: false, network: host",
            ", sandbox: { no_new_privileges: false, capabilities: [net_bind_service] }",
            code: RunnerSamples.Server.Replace("repr(dict(os.environ))",
                "(open('/proc/self/status').read() + os.popen('touch /x 2>&1; ls /x').read())", StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);

        var seen = await service.GetAsync("/");
        Assert.Contains("Uid:\t0\t0\t0\t0", seen, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000400", seen, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t0", seen, StringComparison.Ordinal);
        Assert.Contains("/x", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Read-only", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_exceptions_are_events()
    {
        var service = new ContainerService(_home, await engines.DockerAsync(), "web", code: RunnerSamples.Server.Replace(
            "body = VERSION",
            "if self.path == '/fail': raise ValueError('of the container')\n        body = VERSION", StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => service.GetAsync("/fail"));

        await Condition.HoldsAsync(
            async () => await _home.Client.Events.ReadAsync(
                    new EventRequest { Services = ["web"], Kinds = [ServiceEventKind.Exception] }, CancellationToken.None)
                .AnyAsync(happened => happened.Message.Contains("of the container", StringComparison.Ordinal)),
            "the exception is an event");
    }

    [Fact]
    public async Task An_image_that_publishes_its_own_port_is_restarted_in_turn_says_so_and_is_found_by_its_name()
    {
        var docker = await engines.DockerAsync();
        var redis = new LocalService(_home, "redis", $$"""
            service: { runner: container, listen: '127.0.0.1:PORT', ready: { delay: 200ms },
                       container: { image: '{{ContainerEngineHost.Redis}}', engine: '{{docker.Socket}}', port: 6379 } }
            """);
        var web = new ContainerService(_home, docker, "web", ", network: servicectl", ", requires: [redis]",
            code: RunnerSamples.Server.Replace(
            "repr(dict(os.environ))", "__import__('redis').Redis('redis', socket_timeout=5).info('server')['redis_version']",
            StringComparison.Ordinal));
        await redis.RegisterAsync();
        await web.MustAsync(ServiceAction.Start);

        Assert.Matches(@"^\d+\.", await web.GetAsync("/"));
        var restarted = await redis.MustAsync(ServiceAction.Restart);

        Assert.Contains("one generation after the other", restarted.Message, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.", await web.GetAsync("/"));
    }

    [Theory]
    [InlineData("image: 'sctl/nowhere:1', pull: never", "sctl/nowhere:1", "pull")]
    [InlineData("image: 'sctl/redis:1'", "python3", "service.container.port")]
    [InlineData("image: 'sctl/python:1', engine: /nowhere/docker.sock", "/nowhere/docker.sock", "docker")]
    public async Task What_is_missing_is_said_with_its_remedy(string container, string missing, string remedy)
    {
        var docker = await engines.DockerAsync();
        var engine = container.Contains("engine", StringComparison.Ordinal) ? "" : $", engine: '{docker.Socket}'";
        var service = new LocalService(_home, "lacking", $$"""
            service: { runner: container, listen: '127.0.0.1:PORT', command: [/bin/sleep, '9'],
                       container: { network: none, {{container}}{{engine}} } }
            """);

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.True(result.Error?.Code == ErrorCode.RunnerMissing, $"{result.Error?.Code}: {result.Message}");
        Assert.Contains(missing, result.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, result.Error!.Advice, StringComparison.Ordinal);
        Assert.Empty(await docker.ContainersOfAsync(_home, "lacking"));
    }

    [Fact]
    public async Task Who_may_not_use_the_engine_is_told()
    {
        var docker = await engines.DockerAsync();
        using var user = new ThrowawayUser();
        var service = new ContainerService(_home, docker, "barred", service: $", user: '{user.Name}'");

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.True(result.Error?.Code == ErrorCode.AccessDenied, $"{result.Error?.Code}: {result.Message}");
        Assert.Contains(docker.Socket, result.Message, StringComparison.Ordinal);
        Assert.Contains("group", result.Error!.Advice, StringComparison.Ordinal);
    }
}
