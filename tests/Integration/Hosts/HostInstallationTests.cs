using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Hosts;

/// <summary>Hosts that have nothing but sshd: made ready, and looked at.</summary>
public sealed class HostInstallationTests
{
    [Fact]
    public async Task A_host_without_the_command_gets_it_once_and_can_be_asked_then()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1", "web2");
        foreach (var host in fleet.Hosts)
            File.Delete(host.Command);
        fleet.Add($"Host dead\n  HostName 127.0.0.1\n  Port {LocalService.FreePort()}\n");

        var missing = await fleet.RunAsync("list", "--host", "deploy@web1");
        var planned = await fleet.RunAsync("hosts", "install", "deploy@web1", "--dry-run");
        var still = await fleet.RunAsync("list", "--host", "deploy@web1");
        var first = await fleet.RunAsync("hosts", "install", "deploy@web1", "web2", "dead");
        var second = await fleet.RunAsync("hosts", "install", "deploy@web1", "--json");
        var asked = await fleet.RunAsync("list", "--host", "deploy@web1,web2");

        Assert.Contains("'servicectl hosts install deploy@web1' copies this one there", missing.Error, StringComparison.Ordinal);
        Assert.Contains("would be copied: /home/deploy/.local/bin/servicectl", planned.Output, StringComparison.Ordinal);
        Assert.Equal(1, still.Code);
        Assert.Equal(1, first.Code);
        Assert.Contains("error: dead: The host can't be reached", first.Error, StringComparison.Ordinal);
        Assert.Matches("(?m)^deploy@web1: servicectl .* was copied in .*: /home/deploy/.local/bin/servicectl$", first.Output);
        Assert.Matches("(?m)^web2: servicectl .* was copied in .*: /usr/local/bin/servicectl$", first.Output);
        Assert.Contains("\"change\":\"None\"", second.Output, StringComparison.Ordinal);
        Assert.True(asked.Code == 0, asked.ToString());
        var files = await fleet.Hosts[0].RunAsync("find", "/home/deploy/.local/lib/servicectl", "-mindepth", "1", "-maxdepth", "1");
        Assert.Single(files.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_host_that_can_not_run_it_is_left_alone_and_says_why()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1");
        var host = fleet.Hosts[0];
        var real = await fleet.RunAsync("hosts", "install", "web1", "--json");
        File.Delete(host.Command);
        await File.WriteAllTextAsync(Path.Combine(host.Root, "usr/local/bin/getconf"), "#!/bin/sh\necho glibc 2.31\n");
        await host.RunAsync("chmod", "755", "/usr/local/bin/getconf");
        var old = await fleet.RunAsync("hosts", "install", "web1");
        await File.WriteAllTextAsync(Path.Combine(host.Root, "usr/local/bin/uname"),
            "#!/bin/sh\n[ $1 = -s ] && echo Linux || echo riscv64\n");
        await host.RunAsync("chmod", "755", "/usr/local/bin/uname");
        var other = await fleet.RunAsync("hosts", "install", "web1");

        Assert.Contains("\"change\":\"None\"", real.Output, StringComparison.Ordinal);
        Assert.Contains("error: web1: servicectl needs glibc 2.34 or newer; this has 2.31.", old.Error, StringComparison.Ordinal);
        Assert.Contains("error: web1: It is Linux on riscv64", other.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(host.Root, "usr/local/lib/servicectl")));
    }

    [Fact]
    public async Task A_test_names_what_a_host_lacks_from_the_connection_to_its_packages()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1");
        var host = fleet.Hosts[0];
        Directory.CreateDirectory(Path.Combine(host.Root, "run/systemd/system"));

        var root = await fleet.RunAsync("hosts", "test", "web1", "--port", "22");
        var user = await fleet.RunAsync("hosts", "test", "deploy@web1");
        File.Delete(host.Command);
        var without = await fleet.RunAsync("hosts", "test", "web1", "--json");
        await File.WriteAllTextAsync(host.AuthorizedKeys, "");
        var locked = await fleet.RunAsync("hosts", "test", "web1");

        Assert.Matches("(?m)^Passed +reachable +as root, in ", root.Output);
        Assert.Matches("(?m)^Passed +servicectl ", root.Output);
        Assert.Matches("(?m)^Passed +python ", root.Output);
        Assert.Matches("(?m)^Failed +port-22 ", root.Output);
        Assert.DoesNotContain("linger", root.Output, StringComparison.Ordinal);
        Assert.Equal(1, root.Code);
        Assert.Matches("(?m)^Warning +linger +systemd ends everything of deploy with the last logout", user.Output);
        Assert.Matches("(?m)^Warning +sudo +deploy can't become root without a password", user.Output);
        Assert.Contains("\"name\":\"servicectl\",\"outcome\":\"Failed\"", without.Output, StringComparison.Ordinal);
        Assert.Contains("\"hostName\":\"web1\"", without.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^Failed +key +The host does not let this user in without a password", locked.Output);
    }
}
