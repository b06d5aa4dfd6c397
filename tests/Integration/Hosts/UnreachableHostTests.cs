using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Hosts;

/// <summary>Hosts that can't be reached, don't let anybody in, say nothing, or lie.</summary>
public sealed class UnreachableHostTests
{
    [Fact]
    public async Task A_host_that_hangs_is_given_up_and_holds_up_no_other()
    {
        await using var fleet = await HostFleet.StartAsync("web1", "frozen", "asleep");
        Replace(fleet.Hosts[2], "exec sleep 1000");
        fleet.Hosts[1].Freeze();
        await Sleepers.Create(fleet.Hosts[0].Home, "web").RegisterAsync();

        var clock = Stopwatch.StartNew();
        using var status = fleet.Start("list", "--connect-timeout", "4s", "--host", "frozen,web1,asleep");
        var result = await CommandResult.OfAsync(status);

        Assert.Equal(1, result.Code);
        Assert.StartsWith("web1 ", result.Output, StringComparison.Ordinal);
        Assert.Matches("error: frozen: The host can't be reached: .*([Tt]imed? ?out|closed)", result.Error);
        Assert.Contains("error: asleep: The host has connected, but the command there has said nothing within 8 s.", result.Error,
            StringComparison.Ordinal);
        Assert.True(clock.Elapsed < Patience.Limit, $"{clock.Elapsed}");
    }

    /// <summary>Names of five sshd's: what is asked of a host is asked of each name, by a login and an agent's answer of its own.</summary>
    [Fact]
    public async Task Fifty_hosts_are_one_table_and_one_that_is_dead_and_one_that_hangs_are_errors_beside_it()
    {
        await using var fleet = await HostFleet.StartAsync("s0", "s1", "s2", "s3", "s4");
        foreach (var host in fleet.Hosts)
        {
            await Sleepers.Create(host.Home, "web").RegisterAsync();
            using var client = host.Open();
            await client.Agent.StartAsync(CancellationToken.None);
        }

        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string[] names = [.. Enumerable.Range(1, 48).Select(number => $"web{number:00}")];
        fleet.Add(string.Concat(names.Select((name, at) => fleet.Hosts[at % 5].Block.Replace($"Host s{at % 5}\n", $"Host {name}\n",
                StringComparison.Ordinal)))
            + $"Host dead\n  HostName 127.0.0.1\n  Port {LocalService.FreePort()}\n"
            + $"Host hung\n  HostName 127.0.0.1\n  Port {((IPEndPoint)silent.LocalEndpoint).Port}\n");

        var clock = Stopwatch.StartNew();
        var status = await fleet.RunAsync("status", "--connect-timeout", "60s", "--host", string.Join(',', ["hung", .. names, "dead"]));

        Assert.Equal(1, status.Code);
        var table = status.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(names, table.Skip(1).Select(row => row.Split(' ')[0]));
        Assert.StartsWith("HOST", table[0], StringComparison.OrdinalIgnoreCase);
        Assert.All(table.Skip(1), row => Assert.Contains(" web ", row, StringComparison.Ordinal));
        Assert.Matches("(?m)^error: dead: The host can't be reached: .*refused", status.Error);
        Assert.Matches("(?m)^error: hung: .*([Tt]imed? ?out|has not answered within)", status.Error);
        Assert.Equal(2, status.Error.Split("error: ").Length - 1);
        // The limit of one host is that of all.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60) + Patience.Limit, $"{clock.Elapsed}");
    }

    [Fact]
    public async Task A_changed_key_an_unknown_one_and_a_host_that_wants_a_password_are_errors_that_say_so()
    {
        await using var host = await SshHost.StartAsync("web1");

        await File.WriteAllTextAsync(host.AuthorizedKeys, "");
        var locked = await RefusedAsync(host);
        var known = await File.ReadAllTextAsync(host.KnownHosts);
        await File.WriteAllTextAsync(host.KnownHosts, "");
        var unknown = await RefusedAsync(host);
        // The key of a user stands for that of another host.
        await File.WriteAllTextAsync(host.KnownHosts,
            known.Split(' ')[0] + " " + await File.ReadAllTextAsync(host.Address.KeyFilePath + ".pub"));
        var changed = await RefusedAsync(host);

        Assert.Equal(ErrorCode.AuthenticationFailed, locked.Code);
        Assert.Contains("does not let this user in without a password", locked.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.HostUntrusted, unknown.Code);
        Assert.Contains("key is not known", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.HostUntrusted, changed.Code);
        Assert.Contains("another key than the one that is known", changed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_shell_prints_at_a_login_is_passed_over_and_a_host_without_the_command_says_so()
    {
        await using var host = await SshHost.StartAsync("web1");
        await Sleepers.Create(host.Home, "web").RegisterAsync();
        var real = new FileInfo(host.Command).ResolveLinkTarget(returnFinalTarget: true)!.FullName;

        Replace(host, $"echo Welcome\nprintf 'no end of line: '\nexec {real} \"$@\"");
        using (var client = host.Open())
            Assert.Single(await client.Services.GetAsync([], CancellationToken.None));
        File.Delete(host.Command);
        var missing = await RefusedAsync(host);
        Replace(host, "echo 'error: Unknown verb dial.' >&2\nexit 2");
        var old = await RefusedAsync(host);

        Assert.Contains("There is no servicectl that this user can run", missing.Message, StringComparison.Ordinal);
        Assert.Contains("The servicectl there can't be asked by version", old.Message, StringComparison.Ordinal);
        Assert.Contains("Unknown verb dial", old.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("yes | tr -d '\\n'")]
    [InlineData("echo 'servicectl dial 1 \u001b[31m9.9'; echo 'failed {'")]
    [InlineData("echo 'servicectl dial 1 9.9'; echo ready; yes")]
    [InlineData("echo 'servicectl dial 1 9.9'; echo ready; exec cat /dev/zero")]
    public async Task A_host_that_lies_is_an_error_and_no_more(string program)
    {
        await using var host = await SshHost.StartAsync("web1");
        Replace(host, program);

        var error = await RefusedAsync(host);

        Assert.Equal(ErrorCode.HostUnreachable, error.Code);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    private static async Task<ServiceCtlException> RefusedAsync(SshHost host)
    {
        using var client = host.Open();
        using var limit = Patience.Begin();
        return await Assert.ThrowsAsync<ServiceCtlException>(() => client.Services.GetAsync([], limit.Token));
    }

    private static void Replace(SshHost host, string script)
    {
        File.Delete(host.Command);
        File.WriteAllText(host.Command, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(host.Command, (UnixFileMode)0b111_101_101);
    }
}
