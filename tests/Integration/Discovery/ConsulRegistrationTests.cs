using System.Globalization;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Discovery;

/// <summary>A real service under real uWSGI, and what Consul hears of it.</summary>
public sealed class ConsulRegistrationTests : IAsyncDisposable
{
    private const string Register = "PUT /v1/agent/service/register";
    private const string Deregister = "PUT /v1/agent/service/deregister/web-1";

    private readonly Home _home = new();
    private readonly FakeConsul _consul = new();

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _consul.DisposeAsync();
    }

    [Fact]
    public async Task A_start_registers_a_restart_keeps_and_a_stop_takes_out()
    {
        var service = Service("CONSUL_REG: 1");

        await service.MustAsync(ServiceAction.Start);
        var registered = _consul.Service("web-1")!.DeepClone();
        var deployed = await service.StatusAsync();
        await service.MustAsync(ServiceAction.Restart);
        await service.MustAsync(ServiceAction.HotRestart);
        var changes = Changes();
        await service.MustAsync(ServiceAction.Stop);

        Assert.Equal(
            $$$"""{"Name":"web","ID":"web-1","Address":"127.0.0.1","Port":{{{service.Port}}},"Tags":["a","b"],"Check":{"HTTP":"http://127.0.0.1:{{{service.Port}}}/ping","Interval":"10000ms","Timeout":"3000ms","Status":"passing"}}""",
            registered.ToJsonString());
        Assert.Equal("running in DEPLOYED mode", deployed.Conclusion);
        Assert.Equal([Register], changes);
        Assert.Null(_consul.Service("web-1"));
        Assert.Equal("NOT running at all", (await service.StatusAsync()).Conclusion);
    }

    [Fact]
    public async Task An_order_says_otherwise_for_itself()
    {
        var service = Service("CONSUL_REG: 0");

        var start = await _home.RunAsync(service.Folder, "start", "-c", "on");
        var there = _consul.Service("web-1") is not null;
        var stop = await _home.RunAsync(service.Folder, "stop");
        var gone = _consul.Service("web-1") is null;
        await _home.RunAsync(service.Folder, "start", "-c", "on");
        await _home.RunAsync(service.Folder, "stop", "-c", "off");
        var left = _consul.Service("web-1") is not null;
        await _home.RunAsync(service.Folder, "start", "-c", "off");
        await _home.RunAsync(service.Folder, "stop", "-c", "on");
        await _home.RunAsync(service.Folder, "start");
        var development = await service.StatusAsync();
        var wrong = await _home.RunAsync(service.Folder, "stop", "-c", "perhaps");

        Assert.True(start.Code == 0, start.ToString());
        Assert.True(there);
        Assert.True(stop.Code == 0, stop.ToString());
        Assert.True(gone);
        Assert.True(left);
        Assert.Equal("running in DEVELOPMENT mode", development.Conclusion);
        Assert.Equal(2, wrong.Code);
        Assert.Equal([Register, Deregister, Register, Deregister], Changes());
    }

    [Fact]
    public async Task What_is_registered_already_is_told_and_not_registered_twice()
    {
        var service = Service("CONSUL_REG: 1");
        _consul.Register(new JsonObject { ["ID"] = "web-1", ["Name"] = "web", ["Address"] = "10.9.9.9", ["Port"] = 1 });

        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        var before = await service.StatusAsync();
        var start = await service.MustAsync(ServiceAction.Start);

        Assert.Equal("WARNING: registered in consul, but NOT running", before.Conclusion);
        Assert.Contains("was registered in Consul already, as web on 10.9.9.9:1", Assert.Single(start.Warnings), StringComparison.Ordinal);
        Assert.Empty(Changes());
    }

    [Fact]
    public async Task A_Consul_that_is_gone_or_forbids_is_a_warning_and_never_shows_the_token()
    {
        await using var guarded = new FakeConsul { Token = "right" };
        var service = Service("CONSUL_REG: 1\nservice: {consul: {token_file: token}}");
        File.WriteAllText(Path.Combine(service.Folder, "token"), "wrong-token\n");
        service.Replace("config.yaml", Port(_consul), Port(guarded));

        var forbidden = await service.MustAsync(ServiceAction.Start);
        var status = await service.StatusAsync();
        File.WriteAllText(Path.Combine(service.Folder, "token"), "right\n");
        var allowed = await service.MustAsync(ServiceAction.Restart);
        var registered = guarded.Service("web-1") is not null;
        await guarded.DisposeAsync();
        var gone = await service.MustAsync(ServiceAction.Stop);

        var warning = Assert.Single(forbidden.Warnings);
        Assert.Contains("was not registered in Consul", warning, StringComparison.Ordinal);
        Assert.Contains("forbids", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-token", warning, StringComparison.Ordinal);
        Assert.Contains("forbids", status.ConsulProblem, StringComparison.Ordinal);
        Assert.Equal("running in DEVELOPMENT mode", status.Conclusion);
        Assert.Empty(allowed.Warnings);
        Assert.True(registered);
        Assert.Contains("can't be reached", Assert.Single(gone.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_takes_it_out_until_it_serves_again()
    {
        var service = Service("CONSUL_REG: 1\nservice: {restart: {delay: 100ms}}");
        await service.MustAsync(ServiceAction.Start);

        Kill((await service.StatusAsync()).Pid!.Value);
        await UntilAsync(() => Changes() is [_, _, Register]);

        Assert.Equal([Register, Deregister, Register], Changes());
    }

    [Fact]
    public async Task A_restart_in_turn_takes_it_out_while_nobody_serves_also_where_only_the_order_had_registered_it()
    {
        var service = new LocalService(_home, "web");
        File.WriteAllText(Path.Combine(service.Folder, "server.py"), RunnerSamples.Server);
        File.WriteAllText(service.Config, $$"""
            SERVICE_ID: web-1
            CONSUL_ADDRESS: 127.0.0.1
            {{Port(_consul)}}
            service: {runner: command, command: [/usr/bin/python3, server.py, --port, '{port}'], listen: '127.0.0.1:{{service.Port}}'}
            """);
        await _home.RunAsync(service.Folder, "start", "-c", "on");

        await service.MustAsync(ServiceAction.Restart);
        Assert.NotNull(_consul.Service("web-1"));
        await service.MustAsync(ServiceAction.Stop);

        Assert.Equal([Register, Deregister, Register, Deregister], Changes());
    }

    [Fact]
    public async Task With_a_TTL_the_agent_says_that_it_is_well_and_a_crash_turns_it_critical()
    {
        var service = Service("CONSUL_REG: 1\nservice: {restart: {when: never}, consul: {ttl: 1s, deregister_after: 2m}}");
        await service.MustAsync(ServiceAction.Start);
        var check = _consul.Service("web-1")!["Check"]!.ToJsonString();

        await UntilAsync(() => _consul.Requests.Count(request => request == "PUT /v1/agent/check/pass/service:web-1") >= 3);
        var well = _consul.TtlStatus("service:web-1");
        Kill((await service.StatusAsync()).Pid!.Value);
        await UntilAsync(() => _consul.TtlStatus("service:web-1") == "critical");

        Assert.Equal("""{"TTL":"1000ms","DeregisterCriticalServiceAfter":"120000ms"}""", check);
        Assert.Equal("passing", well);
        Assert.NotNull(_consul.Service("web-1"));
    }

    [Fact]
    public async Task An_agent_that_takes_a_service_on_does_not_register_it_twice()
    {
        var service = Service("CONSUL_REG: 1");
        await service.MustAsync(ServiceAction.Start);

        Kill((await _home.Client.Agent.FindAsync(CancellationToken.None))!.Pid);
        await UntilAsync(() => _home.Client.Agent.FindAsync(CancellationToken.None).Result is null);
        await service.StatusAsync();
        await service.MustAsync(ServiceAction.Stop);

        Assert.Equal([Register, Deregister], Changes());
    }

    [Fact]
    public async Task A_changed_id_replaces_the_former_one()
    {
        var service = Service("CONSUL_REG: 1");
        await service.MustAsync(ServiceAction.Start);

        service.Replace("config.yaml", "SERVICE_ID: web-1", "SERVICE_ID: web-2");
        await service.MustAsync(ServiceAction.Restart);

        Assert.Null(_consul.Service("web-1"));
        Assert.NotNull(_consul.Service("web-2"));
    }

    private FlaskService Service(string more) => new(
        _home, "web",
        more: $"SERVICE_ID: web-1\nTAGS: [a, b]\nSERVER_ADDRESS: 127.0.0.1\nCONSUL_ADDRESS: 127.0.0.1\n{Port(_consul)}\n{more}");

    private static string Port(FakeConsul consul) => string.Create(CultureInfo.InvariantCulture, $"CONSUL_PORT: {consul.HttpPort}");

    private string[] Changes() => [.. _consul.Requests.Where(request => request is Register or Deregister)];

    private static void Kill(int pid)
    {
        using var process = System.Diagnostics.Process.GetProcessById(pid);
        process.Kill();
        process.WaitForExit(Patience.Limit);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = Patience.Begin();
        while (!condition())
            await Task.Delay(20, limit.Token);
    }
}
