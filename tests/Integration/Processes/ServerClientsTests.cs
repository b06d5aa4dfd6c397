using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Processes;

/// <summary>A real server, and what the kernel tells of its clients.</summary>
public sealed class ServerClientsTests : IDisposable
{
    /// <summary>Accepts each connection whose turn a file says, and answers when another one says so.</summary>
    private const string Server = """
        import os, socket, sys, time
        family, address = sys.argv[1:]
        listener = socket.socket(getattr(socket, family))
        listener.bind((address, 0) if family != 'AF_UNIX' else address)
        listener.listen()
        open('port.new', 'w').write(str(listener.getsockname()[1]) if family != 'AF_UNIX' else '1')
        os.rename('port.new', 'port')
        clients = []
        while True:
            if os.path.exists('accept'):
                os.remove('accept')
                clients.append(listener.accept()[0])
            if os.path.exists('answer'):
                clients[0].recv(100)
                clients[0].send(b'answer')
                os.remove('answer')
            time.sleep(0.01)
        """;

    private readonly ProcessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("AF_INET", "127.0.0.1", "127.0.0.1")]
    [InlineData("AF_INET6", "::1", "::1")]
    [InlineData("AF_INET6", "::", "127.0.0.1")]
    public async Task A_client_is_owed_something_until_it_is_answered(string family, string listens, string connects)
    {
        var server = Serve(family, listens);
        var port = await _bench.PidIn("port");
        using var client = new Socket(IPAddress.Parse(connects).AddressFamily, SocketType.Stream, ProtocolType.Tcp);

        await client.ConnectAsync(IPAddress.Parse(connects), port);
        await BecomesAsync(server, clients => clients is { Waiting: 1, Accepted: [] }, "the connection waits");
        Report("accept");
        await BecomesAsync(server, clients => clients is { Waiting: 0, Accepted: [{ IsOwed: true, WasAnswered: false }] },
            "it is accepted, and has sent nothing");
        await client.SendAsync("question"u8.ToArray());
        await BecomesAsync(server, clients => clients.Accepted is [{ IsOwed: true, WasAnswered: false }], "it has asked");
        Report("answer");
        await BecomesAsync(server, clients => clients.Accepted is [{ IsOwed: false, WasAnswered: true }], "it was answered");
        await client.SendAsync("question"u8.ToArray());
        await BecomesAsync(server, clients => clients.Accepted is [{ IsOwed: true, WasAnswered: true }], "it asks again");
        Report("answer");
        await BecomesAsync(server, clients => clients.Accepted is [{ IsOwed: false, QuietFor.TotalMilliseconds: > 300 }], "it is idle");
        await client.ReceiveAsync(new byte[100]);
        client.Close();
        await BecomesAsync(server, clients => clients.Accepted is [{ IsOwed: false }], "it has gone");
    }

    [Fact]
    public async Task On_a_Unix_socket_a_client_is_found_and_nothing_is_told_of_it()
    {
        var path = Path.Combine(_bench.Folder, "web.sock");
        var server = Serve("AF_UNIX", path);
        await _bench.PidIn("port");
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));

        Report("accept");

        await BecomesAsync(server, clients => clients.Accepted is [{ IsOwed: true, WasAnswered: true }], "the connection is accepted");
    }

    private ChildProcess Serve(string family, string address) =>
        _bench.Spawn(ProcessBench.Program("/usr/bin/python3", "-c", Server, family, address) with { WorkingDirectory = _bench.Folder });

    private void Report(string what) => File.WriteAllText(Path.Combine(_bench.Folder, what), "");

    private static Task BecomesAsync(ChildProcess server, Predicate<ServerClients> condition, string what) =>
        Condition.HoldsAsync(() => condition(ServerClients.Read([server.Pid])!), what);
}
