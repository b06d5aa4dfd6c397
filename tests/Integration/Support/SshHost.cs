using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>
/// Another host: a real sshd whose sessions have a <c>servicectl</c>, an agent's home and services of their own; on a port of this machine,
/// or, as <see cref="StartApartAsync"/> has it, with network, files and processes of its own.
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
    private readonly HostNamespaces? _apart;

    private SshHost(string name, Home home, int port, Process daemon, HostNamespaces? apart)
    {
        Name = name;
        Home = home;
        Port = port;
        _daemon = daemon;
        _apart = apart;
        _folder = home.Folder("ssh");
    }

    public string Name { get; }

    /// <summary>Of the user that <see cref="Address"/> logs in as.</summary>
    public Home Home { get; }

    public int Port { get; }

    public string Ip => Home.Ip;

    /// <summary>Its files as this machine sees them; a link that begins at the root leads elsewhere.</summary>
    public string Root => _apart?.Root ?? "/";

    /// <summary>The command that its sessions find; a test may put another program here, or remove it.</summary>
    public string Command => Path.Combine(_folder, "bin", "servicectl");

    public string KnownHosts => Path.Combine(_folder, "known_hosts");

    public string AuthorizedKeys => Path.Combine(_folder, "authorized_keys");

    public PyServiceHost Address => new()
    {
        HostName = Name,
        Address = Ip,
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
          HostName {Ip}
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
        var port = LocalService.FreePort();
        var folder = await MakeFolderAsync(home, port,
            $"ListenAddress 127.0.0.1\nSetEnv SERVICECTL_HOME={home.Paths.Home} PATH={home.Folder("ssh")}/bin:/usr/bin:/bin");
        return await ListeningAsync(new SshHost(name, home, port, Start(folder), apart: null));
    }

    /// <summary>
    /// One in network, mount and process namespaces of its own, with an address (<see cref="Ip"/>) of its own. Its /etc, /home, /root,
    /// /run, /srv, /usr and /var/lib are its own and vanish with it; other folders are this machine's. Root logs in, and the user
    /// <see cref="HostNamespaces.User"/> (<c>deploy@NAME</c>), whose agent is another one. Root's agent runs, with <see cref="Home"/>.
    /// </summary>
    public static async Task<SshHost> StartApartAsync(string name)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make hosts with a network of their own");
        var home = new Home();
        var folder = await MakeFolderAsync(home, 22, $"""
            Match User {HostNamespaces.User}
            SetEnv XDG_RUNTIME_DIR={HostNamespaces.RuntimeFolder} PATH={home.Folder("ssh")}/bin:/usr/local/bin:/usr/bin:/bin
            Match User root
            SetEnv SERVICECTL_HOME={home.Paths.Home} PATH={home.Folder("ssh")}/bin:/usr/local/bin:/usr/bin:/bin
            """);
        ThrowawayUser.Open(folder);
        var apart = await HostNamespaces.StartAsync(folder, Repository.Program("sshd"));
        home.BeApart(apart.Ip, apart.PidHere);
        await File.WriteAllTextAsync(Path.Combine(folder, "known_hosts"),
            $"{apart.Ip} {await File.ReadAllTextAsync(Path.Combine(folder, "host_key.pub"))}");
        var host = await ListeningAsync(new SshHost(name, home, 22, apart.Process, apart));
        // An agent that a test's own client starts would live on this machine.
        using var client = host.Open();
        await client.Agent.StartAsync(CancellationToken.None);
        return host;
    }

    public ServiceCtlClient Open() => new(Address, Home.Executable);

    /// <summary>A client of the throwaway user's agent.</summary>
    public ServiceCtlClient OpenAsUser() =>
        new(Address with { HostName = $"{HostNamespaces.User}@{Name}", UserName = HostNamespaces.User }, Home.Executable);

    /// <summary>Runs a program on the host, as root.</summary>
    public Task<CommandResult> RunAsync(params string[] command) => _apart!.RunAsync(command);

    /// <summary>Ends the processes that serve sessions, as a network does that is cut.</summary>
    public void Cut()
    {
        // Whoever a session has started may be a child of it still: the agent, and by that the services.
        foreach (var session in Daemons().Skip(1))
            Signal("KILL", session);
    }

    /// <summary>From now on nothing is heard of it: new connections are taken by the kernel, and by nobody else.</summary>
    public void Freeze()
    {
        foreach (var daemon in Daemons())
            Signal("STOP", daemon);
    }

    /// <summary>Pulls the cable, or puts it in again. Nobody is told.</summary>
    public Task PlugAsync(bool isIn) => _apart!.PlugAsync(isIn);

    public async ValueTask DisposeAsync()
    {
        if (_apart is not null)
            await _apart.DisposeAsync();
        else
            _daemon.Kill();
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
        await Home.DisposeAsync();
    }

    private static async Task<string> MakeFolderAsync(Home home, int port, string sessions)
    {
        var folder = home.Folder("ssh");
        await MakeKeyAsync(Path.Combine(folder, "key"));
        await MakeKeyAsync(Path.Combine(folder, "host_key"));
        File.Copy(Path.Combine(folder, "key.pub"), Path.Combine(folder, "authorized_keys"));
        await File.WriteAllTextAsync(Path.Combine(folder, "known_hosts"),
            $"[127.0.0.1]:{port} {await File.ReadAllTextAsync(Path.Combine(folder, "host_key.pub"))}");
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        File.CreateSymbolicLink(Path.Combine(folder, "bin", "servicectl"), Home.Executable);
        await File.WriteAllTextAsync(Path.Combine(folder, "sshd_config"), $"""
            Port {port}
            HostKey {folder}/host_key
            PidFile none
            AuthorizedKeysFile {folder}/authorized_keys
            StrictModes no
            UsePAM no
            PasswordAuthentication yes
            PermitRootLogin yes
            LogLevel ERROR
            MaxStartups 100
            {sessions}

            """);
        return folder;
    }

    private static async Task<SshHost> ListeningAsync(SshHost host)
    {
        await Condition.HoldsAsync(async () => await host.ListensAsync() || host._daemon.HasExited, $"sshd listens on {host.Port}");
        Assert.False(host._daemon.HasExited, host._daemon.HasExited ? await host._daemon.StandardError.ReadToEndAsync() : "");
        return host;
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

    /// <summary>The listener, then those that serve sessions.</summary>
    private IEnumerable<int> Daemons()
    {
        var listener = _apart?.Listener ?? _daemon.Id;
        return [listener, .. ProcessTable.Read().DescendantsOf(listener).Where(process => process.Name == "sshd").Select(each => each.Pid)];
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Ip, Port);
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
