using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Processes;

public sealed class ListenerTests : IDisposable
{
    private readonly ProcessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("127.0.0.1", "0.0.0.0", true)]
    [InlineData("127.0.0.1", "::1", false)]
    [InlineData("127.0.0.1", "::", true)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "::1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1", "::", true)]
    [InlineData("::1", "127.0.0.1", false)]
    [InlineData("::", "::1", true)]
    [InlineData("::", "127.0.0.1", true)]
    [InlineData("::", "0.0.0.0", true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1", true)]
    public async Task A_listener_holds_what_nobody_else_can_bind(string held, string asked, bool holds)
    {
        ChildProcess server = _bench.Spawn(Server(held, v6Only: false));
        int port = await _bench.PidIn("port");
        IPEndPoint endpoint = new(IPAddress.Parse(asked), port);

        Assert.Equal(holds, TcpListeners.IsListening(endpoint));
        SocketHolder? holder = TcpListeners.HolderOf(endpoint);
        Assert.Equal(holds ? server.Pid : null, holder?.Pid);
        if (holder is not null)
        {
            Assert.StartsWith("python3", holder.Name, StringComparison.Ordinal);
            Assert.Equal(["/usr/bin/python3", "-c"], ProcFs.TryReadCommandLine(holder.Pid)!.Take(2));
        }
    }

    [Fact]
    public async Task A_listener_on_IPv6_alone_leaves_the_port_free_for_IPv4()
    {
        _bench.Spawn(Server("::", v6Only: true));
        int port = await _bench.PidIn("port");
        Assert.False(TcpListeners.IsListening(new IPEndPoint(IPAddress.Loopback, port)));
        Assert.Null(TcpListeners.HolderOf(new IPEndPoint(IPAddress.Any, port)));
        Assert.True(TcpListeners.IsListening(new IPEndPoint(IPAddress.IPv6Loopback, port)));
    }

    [Fact]
    public async Task A_port_is_free_again_when_its_holder_has_ended()
    {
        ChildProcess server = _bench.Spawn(Server("127.0.0.1", v6Only: false));
        IPEndPoint endpoint = new(IPAddress.Loopback, await _bench.PidIn("port"));
        Assert.True(TcpListeners.IsListening(endpoint));
        server.Signal(Signals.Kill);
        await ProcessBench.ExitOf(server);
        await ProcessBench.Until(() => !TcpListeners.IsListening(endpoint), "the port is free");
        Assert.Empty(TcpListeners.HoldersOf(endpoint));
    }

    [Fact]
    public async Task A_connection_on_the_port_is_no_listener()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        IPEndPoint endpoint = (IPEndPoint)listener.LocalEndPoint!;
        using TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(endpoint);
        using Socket accepted = await listener.AcceptAsync();
        listener.Dispose();

        // A child that another test is just spawning has a copy of every descriptor until its exec.
        await ProcessBench.Until(() => !TcpListeners.IsListening(endpoint), "only the connection is left");
        Assert.Null(TcpListeners.HolderOf(endpoint));
        Assert.True(accepted.Connected);
    }

    [Fact]
    public async Task A_master_comes_before_the_workers_that_share_its_socket()
    {
        string fork = "\nimport os\nfor _ in range(3):\n  if os.fork() == 0: time.sleep(60)\nopen('{0}', 'w').write('1')\ntime.sleep(60)";
        ChildProcess master = _bench.Spawn(Server("127.0.0.1", v6Only: false, string.Format(null, fork, _bench.PathOf("forked"))));
        IPEndPoint endpoint = new(IPAddress.Loopback, await _bench.PidIn("port"));
        await _bench.PidIn("forked");
        IReadOnlyList<SocketHolder> holders = TcpListeners.HoldersOf(endpoint);
        Assert.Equal(4, holders.Count);
        Assert.Equal(master.Pid, holders[0].Pid);
        Assert.Equal(holders[0], TcpListeners.HolderOf(endpoint));
    }

    [Fact]
    public async Task A_unix_socket_is_held_by_its_path_and_a_dead_file_by_nobody()
    {
        string path = _bench.PathOf("a socket");
        ChildProcess server = _bench.Spawn(
            ProcessBench.Python($"import socket, time\ns = socket.socket(socket.AF_UNIX)\ns.bind('{path}')\ns.listen()\ntime.sleep(60)"));
        await ProcessBench.Until(() => UnixListeners.IsListening(path), "the server listens");
        Assert.Equal(server.Pid, UnixListeners.HolderOf(path)?.Pid);
        Assert.Null(UnixListeners.HolderOf(path[..^1]));

        server.Signal(Signals.Kill);
        await ProcessBench.ExitOf(server);
        Assert.True(File.Exists(path));
        await ProcessBench.Until(() => !UnixListeners.IsListening(path), "nobody listens");
        Assert.Null(UnixListeners.HolderOf(path));
    }

    [Fact]
    public async Task A_bound_unix_socket_that_does_not_listen_is_no_listener()
    {
        string path = _bench.PathOf("socket");
        _bench.Spawn(
            ProcessBench.Python(
                $"import socket, time\ns = socket.socket(socket.AF_UNIX)\ns.bind('{path}')\nopen('{_bench.PathOf("bound")}', "
                    + "'w').write('1')\ntime.sleep(60)"));
        await _bench.PidIn("bound");
        Assert.False(UnixListeners.IsListening(path));
    }

    [Fact]
    public async Task The_peer_of_a_unix_socket_is_known()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can start a client of another user");
        string path = _bench.PathOf("socket");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        File.SetUnixFileMode(path, (UnixFileMode)0x1FF);
        File.SetUnixFileMode(_bench.Folder, (UnixFileMode)0x1FF);
        ChildProcess client = _bench.Spawn(ProcessBench.Program("/usr/bin/setpriv", "--reuid=65534", "--regid=65533", "--clear-groups",
            "/usr/bin/python3", "-c", $"import socket, time\ns = socket.socket(socket.AF_UNIX)\ns.connect('{path}')\ntime.sleep(60)"));
        using Socket accepted = await listener.AcceptAsync().WaitAsync(ProcessBench.Limit);
        Assert.Equal((client.Pid, 65534, 65533), PeerCredentials.Of(accepted));
    }

    private ProcessSpec Server(string address, bool v6Only, string then = "\ntime.sleep(60)") => ProcessBench.Python($"""
        import socket, time
        s = socket.socket(socket.AF_INET6 if ':' in '{address}' else socket.AF_INET)
        if ':' in '{address}': s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, {(v6Only ? 1 : 0)})
        s.bind(('{address}', 0))
        s.listen()
        open('{_bench.PathOf("part")}', 'w').write(str(s.getsockname()[1]))
        import os; os.rename('{_bench.PathOf("part")}', '{_bench.PathOf("port")}'){then}
        """);
}
