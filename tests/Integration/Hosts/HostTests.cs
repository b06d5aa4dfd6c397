using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Hosts;

/// <summary>Verbs on other hosts: real sshd's, each with an agent and services of its own.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task Services_of_several_hosts_are_one_table_and_a_dead_host_is_reported_by_itself()
    {
        await using var fleet = await HostFleet.StartAsync("web1", "web2");
        fleet.Add($"Host dead\n  HostName 127.0.0.1\n  Port {LocalService.FreePort()}\n");
        await Plain(fleet.Hosts[0].Home, "billing").MustAsync(ServiceAction.Start);
        await Plain(fleet.Hosts[1].Home, "mail").MustAsync(ServiceAction.Start);

        var table = await fleet.RunAsync("status", "--host", "web1,web2", "--host", "dead");
        var page = await fleet.RunAsync("status", "billing", "--host", "web1");
        var list = await fleet.RunAsync("list", "--host", "web1,web2");
        var json = await fleet.RunAsync("status", "*", "--json", "--host", "web2");
        var unknown = await fleet.RunAsync("status", "billing", "--host", "web1,web2");

        Assert.Equal(1, table.Code);
        Assert.Matches(@"^HOST +NAME +STATE .*\nweb1 +billing +Running .*\nweb2 +mail +Running .*\n$", table.Output);
        Assert.StartsWith("error: dead: The host can't be reached: ", table.Error, StringComparison.Ordinal);
        Assert.Equal(0, page.Code);
        Assert.StartsWith("service     billing\nhost        web1\nstate       Running\n", page.Output, StringComparison.Ordinal);
        Assert.Matches(@"^web1 +billing +Running .*\nweb2 +mail +Running .*\n$", list.Output);
        Assert.Contains("\"hostName\":\"web2\"", json.Output, StringComparison.Ordinal);
        Assert.Matches(@"^HOST .*\nweb1 +billing ", unknown.Output);
        Assert.StartsWith("error: web2: No service named billing is registered.", unknown.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(fleet.OwnSocket), "an agent was started here");
    }

    [Fact]
    public async Task An_order_is_carried_out_on_each_host_and_loses_no_request()
    {
        await using var fleet = await HostFleet.StartAsync("web1", "web2");
        var flask = new FlaskService(fleet.Hosts[0].Home, "web");
        await flask.MustAsync(ServiceAction.Start);
        await Plain(fleet.Hosts[1].Home, "web").RegisterAsync();

        var started = await fleet.RunAsync("start", "web", "--host", "web1,web2");
        CommandResult hot, full;
        int failed;
        string? failure;
        await using (var load = new Load(flask.Port))
        {
            await load.ReachAsync(20);
            hot = await fleet.RunAsync("hot_restart", "web", "--host", "web1");
            full = await fleet.RunAsync("restart", "*", "--host", "web1,web2");
            await load.ReachAsync(load.Succeeded + 20);
            (failed, failure) = (load.Failed, load.FirstFailure);
        }

        Assert.True(started.Code == 0, started.ToString());
        Assert.Contains("web1: web ", started.Output, StringComparison.Ordinal);
        Assert.Contains("web2: web ", started.Output, StringComparison.Ordinal);
        Assert.True(hot.Code == 0, hot.ToString());
        Assert.True(full.Code == 0, full.ToString());
        Assert.True(failed == 0, failure);
        Assert.Equal(2, (await fleet.Hosts[1].Home.Client.Services.GetAsync(["web"], CancellationToken.None))[0].Generation);
        var stopped = await fleet.RunAsync("stop", "*", "--json", "--host", "web1,web2");
        Assert.Equal(2, stopped.Output.Split("\"outcome\":\"Done\"").Length - 1);
    }

    [Fact]
    public async Task Everything_asked_of_a_host_goes_over_one_channel_side_by_side()
    {
        await using var host = await SshHost.StartAsync("web1");
        var service = Plain(host.Home, "web");
        await service.MustAsync(ServiceAction.Start);
        using var client = host.Open();
        using var end = Patience.Begin();

        // Followed, and not read on after the first: what the follower leaves lying must not hold back anybody.
        await using var follower = client.Events.ReadAsync(new EventRequest { Services = [], Follow = true, Tail = 1 }, end.Token)
            .GetAsyncEnumerator(end.Token);
        Assert.True(await follower.MoveNextAsync());
        var orders = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.Services.OperateAsync(
            new OperationRequest { Action = ServiceAction.Restart, Services = ["web"] }, null, end.Token).ToListAsync(end.Token).AsTask()));

        Assert.All(orders, results => Assert.Equal(OperationOutcome.Done, Assert.Single(results).Outcome));
        Assert.All(orders, results => Assert.Equal("web1", results[0].After!.HostName));
        Assert.Equal(1, ChannelsTo(host));
        Assert.True(await follower.MoveNextAsync());
        Assert.Equal("web1", follower.Current.HostName);
    }

    [Fact]
    public async Task A_connection_that_is_cut_in_the_middle_is_reported_and_made_again()
    {
        await using var fleet = await HostFleet.StartAsync("web1", "web2");
        var slow = new LocalService(fleet.Hosts[0].Home, "web",
            "service: {runner: command, command: [./run.sh], ready: {log: up, timeout: 5m}}",
            ("run.sh", "#!/bin/sh\ntouch begun\nexec sleep 1000\n"));
        await slow.RegisterAsync();
        await Plain(fleet.Hosts[1].Home, "web").RegisterAsync();
        using var client = fleet.Hosts[0].Open();
        Assert.Single(await client.Services.GetAsync([], CancellationToken.None));

        using var order = fleet.Start("start", "web", "--host", "web1,web2");
        await Condition.HoldsAsync(() => File.Exists(Path.Combine(slow.Folder, "begun")), "the launch has begun");
        fleet.Hosts[0].Cut();
        var result = await CommandResult.OfAsync(order);

        Assert.Equal(1, result.Code);
        Assert.True(result.Output.Contains("web2: web ", StringComparison.Ordinal), result.ToString());
        Assert.Contains("error: web1: The connection was lost in the middle: ", result.Error, StringComparison.Ordinal);
        // The held channel was cut as well: the next question opens another. The order is withdrawn, as by Ctrl+C.
        await Condition.HoldsAsync(
            async () => (await client.Services.GetAsync(["web"], CancellationToken.None))[0].Pid is null, "the launch has ended");
    }

    [Fact]
    public async Task Logs_and_events_of_several_hosts_are_merged_by_time_and_followed_while_orders_are_carried_out()
    {
        await using var fleet = await HostFleet.StartAsync("web1", "web2");
        foreach (var host in fleet.Hosts)
        {
            var ticker = new LocalService(host.Home, "ticker", "service: {runner: command, command: [./run.sh]}",
                ("run.sh", "#!/bin/sh\nwhile :; do echo tick; sleep 0.2; done\n"));
            await ticker.MustAsync(ServiceAction.Start);
        }

        var past = (await fleet.RunAsync("logs", "ticker", "-t", "--host", "web1,web2")).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var events = (await fleet.RunAsync("events", "--host", "web1,web2")).Output;
        using var follower = fleet.Start("logs", "-f", "-n", "1", "--host", "web1,web2");
        using var limit = Patience.Begin();
        Assert.NotNull(await follower.StandardOutput.ReadLineAsync(limit.Token));
        var order = await fleet.RunAsync("restart", "ticker", "--host", "web1,web2");
        var (one, two) = (0, 0);
        while ((one < 5 || two < 5) && await follower.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            (one, two) = line.StartsWith("web1 | ", StringComparison.Ordinal) ? (one + 1, two) : (one, two + 1);
        follower.Kill();

        Assert.Equal(past.Select(line => line[..29]).Order(StringComparer.Ordinal), past.Select(line => line[..29]));
        Assert.All(["web1", "web2"],
            host => Assert.Contains(past, line => line.EndsWith($" {host} | tick", StringComparison.Ordinal)));
        Assert.Contains("web1 ", events, StringComparison.Ordinal);
        Assert.Contains("web2 ", events, StringComparison.Ordinal);
        Assert.True(order.Code == 0, order.ToString());
    }

    /// <summary>A service that is ready when it has lived for a second.</summary>
    private static LocalService Plain(Home home, string name) => new(home, name, "service: {runner: command, command: [sleep, '1000']}");

    /// <summary>Programs of ours that reach this host; tests beside this one reach others.</summary>
    private static int ChannelsTo(SshHost host) => ProcessTable.Read().DescendantsOf(Environment.ProcessId)
        .Count(process => process.Name == "ssh" && ArgumentsOf(process.Pid).Contains($"\0-p\0{host.Port}\0", StringComparison.Ordinal));

    private static string ArgumentsOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
