using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Hosts;

/// <summary>Hosts, and a user who reaches them by their names in ssh_config.</summary>
internal sealed class HostFleet : IAsyncDisposable
{
    private readonly Home _user = new();
    private readonly string _folder;

    private HostFleet(SshHost[] hosts)
    {
        Hosts = hosts;
        _folder = _user.Folder("bin");
        Write(string.Concat(hosts.Select(host => host.Block)));
        // ssh reads the configuration of whoever runs the tests, wherever HOME is.
        var ssh = Path.Combine(_folder, "ssh");
        File.WriteAllText(ssh, $"#!/bin/sh\nexec /usr/bin/ssh -F {_folder}/ssh_config \"$@\"\n");
        File.SetUnixFileMode(ssh, (UnixFileMode)0b111_101_101);
    }

    public SshHost[] Hosts { get; }

    /// <summary>The host the user's commands run on: this machine, with a home of the user's.</summary>
    public Home User => _user;

    /// <summary>The agent of the user's own host, which nothing of this may start.</summary>
    public string OwnSocket => _user.Paths.Socket;

    public static async Task<HostFleet> StartAsync(params string[] names) =>
        new(await Task.WhenAll(names.Select(SshHost.StartAsync)));

    /// <summary>
    /// Hosts with networks of their own (<see cref="SshHost.StartApartAsync"/>), with which most tests of several hosts should do: a test
    /// reads their addresses and homes off <see cref="Hosts"/>, puts services into <see cref="SshHost.Home"/>, loads them at
    /// <see cref="SshHost.Ip"/>, and lets the user's commands name them: <c>fleet.RunAsync("status", "--host", "web1,deploy@web2")</c>.
    /// Skipped where it is not root's.
    /// </summary>
    public static async Task<HostFleet> StartApartAsync(params string[] names) =>
        new(await Task.WhenAll(names.Select(SshHost.StartApartAsync)));

    /// <summary>What else ssh_config is to hold.</summary>
    public void Add(string block) => Write(string.Concat(Hosts.Select(host => host.Block)) + block);

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        return await CommandResult.OfAsync(process);
    }

    public Process Start(params string[] arguments) =>
        _user.Start("/", new Dictionary<string, string> { ["PATH"] = $"{_folder}:/usr/bin:/bin" }, arguments);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Hosts.Select(host => host.DisposeAsync().AsTask()));
        await _user.DisposeAsync();
    }

    private void Write(string configuration) => File.WriteAllText(Path.Combine(_folder, "ssh_config"), configuration);
}
