using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Hosts;

/// <summary>Hosts with a network, files and processes of their own.</summary>
public sealed class ApartHostTests
{
    [Fact]
    public async Task Five_hosts_serve_at_their_own_addresses_and_are_ordered_together()
    {
        string[] names = ["web1", "web2", "web3", "web4", "web5"];
        await using var fleet = await HostFleet.StartApartAsync(names);
        foreach (var host in fleet.Hosts)
            await new FlaskService(host.Home, "web").RegisterAsync();

        var started = await fleet.RunAsync("start", "web", "--host", string.Join(',', names));
        var table = await fleet.RunAsync("status", "--host", string.Join(',', names));
        var stopped = await fleet.RunAsync("stop", "web", "--host", string.Join(',', names));

        Assert.True(started.Code == 0, started.ToString());
        Assert.All(names, name => Assert.Matches($@"(?m)^{name} +web +Running ", table.Output));
        Assert.True(stopped.Code == 0, stopped.ToString());
        Assert.Equal(5, fleet.Hosts.Select(host => host.Ip).Distinct().Count());
    }

    [Fact]
    public async Task An_unplugged_host_is_given_up_within_its_limit_in_the_middle_of_an_order_and_holds_up_no_other()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1", "web2");
        var slow = new LocalService(fleet.Hosts[0].Home, "web",
            "service: {runner: command, command: [./run.sh], ready: {log: up, timeout: 5m}}",
            ("run.sh", "#!/bin/sh\ntouch begun\nexec sleep 1000\n"));
        await slow.RegisterAsync();
        await Sleepers.Create(fleet.Hosts[1].Home, "web").RegisterAsync();

        using var order = fleet.Start("start", "web", "--host", "web1,web2");
        await Condition.HoldsAsync(() => File.Exists(Path.Combine(slow.Folder, "begun")), "the launch has begun");
        await fleet.Hosts[0].PlugAsync(isIn: false);
        var clock = Stopwatch.StartNew();
        var result = await CommandResult.OfAsync(order);

        Assert.Equal(1, result.Code);
        Assert.Contains("web2: web ", result.Output, StringComparison.Ordinal);
        Assert.Contains("error: web1: The connection was lost in the middle: ", result.Error, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
        await fleet.Hosts[0].PlugAsync(isIn: true);
        await Condition.HoldsAsync(async () => (await fleet.RunAsync("list", "--host", "web1")).Code == 0, "web1 is back");
    }

    [Fact]
    public async Task Users_of_a_host_have_agents_of_their_own()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1");
        await Sleepers.Create(fleet.Hosts[0].Home, "web").RegisterAsync();

        var root = await fleet.RunAsync("list", "--host", "web1");
        var user = await fleet.RunAsync("list", "--host", "deploy@web1");

        Assert.StartsWith("web ", root.Output, StringComparison.Ordinal);
        Assert.True(user.Code == 0 && user.Output.Length == 0, user.ToString());
        using var client = fleet.Hosts[0].OpenAsUser();
        Assert.Equal(HostNamespaces.User + "@web1", client.HostName);
        Assert.Equal(0, (await client.Agent.StartAsync(CancellationToken.None)).Services);
    }
}
