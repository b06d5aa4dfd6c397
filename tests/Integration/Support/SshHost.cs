using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>
/// Another host: a real sshd on a port of its own, whose sessions have a <c>servicectl</c>, an agent's home and services of their own.
/// </summary>
public sealed class SshHost : IAsyncDisposable
{
    // An sshd of root's has to have a folder and a user of its own, which this machine may not have. The whole of /etc: over a single file
    // that somebody else renames, a mount is gone.
    private const string Launch = """
        mkdir -p /run/sshd
        if ! grep -q ^sshd: /etc/passwd; then
            cp -a /etc "$1/etc"
            echo sshd:x:74:65534::/run/sshd:/usr/sbin/nologin >>"$1/etc/passwd"
            mount --bind "$1/etc" /etc
        fi
        exec "$2" -D -e -f "$1/sshd_config"
        """;

    private readonly string _folder;
    private readonly Process _daemon;

    private SshHost(string name, Home home, int port, Process daemon)
    {
        Name = name;
        Home = home;
        Port = port;
        _daemon = daemon;
        _folder = home.Folder("ssh");
    }

    public string Name { get; }

    public Home Home { get; }

    public int Port { get; }

    /// <summary>The command that its sessions find; a test may put another program here.</summary>
    public string Command => Path.Combine(_folder, "bin", "servicectl");

    public string KnownHosts => Path.Combine(_folder, "known_hosts");

    public string AuthorizedKeys => Path.Combine(_folder, "authorized_keys");

    public PyServiceHost Address => new()
    {
        HostName = Name,
        Address = "127.0.0.1",
        Port = Port,
        UserName = Environment.UserName,
        KeyFilePath = Path.Combine(_folder, "key"),
        Options = new Dictionary<string, string>
        {
            ["UserKnownHostsFile"] = KnownHosts,
            ["GlobalKnownHostsFile"] = "/dev/null",
            ["IdentitiesOnly"] = "yes",
            ["IdentityAgent"] = "none",
        },
    };

    /// <summary>A block of ssh_config.</summary>
    public string Block => $"""
        Host {Name}
          HostName 127.0.0.1
          Port {Port}
          User {Environment.UserName}
          IdentityFile {Path.Combine(_folder, "key")}
          IdentitiesOnly yes
          IdentityAgent none
          UserKnownHostsFile {KnownHosts}
          GlobalKnownHostsFile /dev/null

        """;

    public static async Task<SshHost> StartAsync(string name)
    {
        var home = new Home();
        var folder = home.Folder("ssh");
        var port = LocalService.FreePort();
        await MakeKeyAsync(Path.Combine(folder, "key"));
        await MakeKeyAsync(Path.Combine(folder, "host_key"));
        File.Copy(Path.Combine(folder, "key.pub"), Path.Combine(folder, "authorized_keys"));
        await File.WriteAllTextAsync(Path.Combine(folder, "known_hosts"),
            $"[127.0.0.1]:{port} {await File.ReadAllTextAsync(Path.Combine(folder, "host_key.pub"))}");
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        File.CreateSymbolicLink(Path.Combine(folder, "bin", "servicectl"), Home.Executable);
        await File.WriteAllTextAsync(Path.Combine(folder, "sshd_config"), $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder}/host_key
            PidFile none
            AuthorizedKeysFile {folder}/authorized_keys
            StrictModes no
            UsePAM no
            PasswordAuthentication yes
            PermitRootLogin yes
            SetEnv SERVICECTL_HOME={home.Paths.Home} PATH={folder}/bin:/usr/bin:/bin
            LogLevel ERROR

            """);
        var daemon = Start(folder);
        var host = new SshHost(name, home, port, daemon);
        await Condition.HoldsAsync(async () => await host.ListensAsync() || daemon.HasExited, $"sshd listens on {port}");
        Assert.False(daemon.HasExited, daemon.HasExited ? await daemon.StandardError.ReadToEndAsync() : "");
        return host;
    }

    public ServiceCtlClient Open() => new(Address, Home.Executable);

    /// <summary>Ends the processes that serve sessions, as a network does that is cut.</summary>
    public void Cut()
    {
        // Whoever a session has started may be a child of it still: the agent, and by that the services.
        foreach (var session in ProcessTable.Read().DescendantsOf(_daemon.Id).Where(process => process.Name == "sshd"))
            Signal("KILL", session.Pid);
    }

    /// <summary>From now on nothing is heard of it: new connections are taken by the kernel, and by nobody else.</summary>
    public void Freeze() => Signal("STOP", _daemon.Id);

    public async ValueTask DisposeAsync()
    {
        _daemon.Kill();
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
        await Home.DisposeAsync();
    }

    private static Process Start(string folder)
    {
        var sshd = Repository.Program("sshd");
        string[] words = Environment.IsPrivilegedProcess
            ? ["/usr/bin/unshare", "--mount", "/bin/sh", "-ec", Launch, "sshd", folder, sshd]
            : [sshd, "-D", "-e", "-f", Path.Combine(folder, "sshd_config")];
        return Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
    }

    private static async Task MakeKeyAsync(string path)
    {
        var made = await CommandResult.RunAsync("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path);
        Assert.True(made.Code == 0, made.ToString());
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Signal(string signal, int pid)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
