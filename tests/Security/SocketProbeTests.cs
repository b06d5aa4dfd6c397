using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// A probe of a Unix socket goes where its path leads, and a service's user can have that lead anywhere. Programs of root's tell by the
/// kernel who asks, and tell root more.
/// </summary>
public sealed class SocketProbeTests(Attackers attackers) : IAsyncDisposable
{
    /// <summary>Listens, to everybody, and notes who the kernel says has connected.</summary>
    private const string Confidant = """
        import os, socket, struct, sys
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(sys.argv[1])
        os.chmod(sys.argv[1], 0o777)
        listener.listen(100)
        print('listening', flush=True)
        while True:
            client, _ = listener.accept()
            pid, user, group = struct.unpack('3i', client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
            print(user, flush=True)
            client.recv(1000)
            client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
            client.close()
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("socket: own")]
    [InlineData("socket: pass")]
    public async Task A_probe_that_is_led_to_a_program_of_roots_comes_as_the_service_s_user(string how)
    {
        var owner = attackers.Owner;
        var service = new LocalService(
            _home, "led",
            $"service: {{runner: command, command: [/usr/bin/python3, app.py], listen: 'unix:web.sock', {how}, user: {owner.Name}, ready: "
                + "{http: /, timeout: 20s}, health: {http: /, interval: 200ms}}\n",
            ("app.py", """
                import os, time
                os.symlink('../confidant/root.sock', 'led.sock')
                os.rename('led.sock', 'web.sock')
                time.sleep(100000)
                """));
        ThrowawayUser.Open(service.Folder);
        owner.Own(service.Folder);
        var folder = _home.Folder("confidant");
        ThrowawayUser.Open(folder);
        using var confidant = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/usr/bin/python3", ["-c", Confidant, Path.Combine(folder, "root.sock")])
            { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("listening", await confidant.StandardOutput.ReadLineAsync());
            await service.OrderAsync(ServiceAction.Start);
            var uid = (await owner.RunAsync("/usr/bin/id", "-u")).Output.Trim();

            for (var probe = 0; probe < 3; probe++)
                Assert.Equal(uid, await confidant.StandardOutput.ReadLineAsync());
        }
        finally
        {
            confidant.Kill();
        }
    }

    [Theory]
    [InlineData("uvicorn, app: 'app:api'")]
    [InlineData("gunicorn, app: 'app:app'")]
    public async Task A_probe_reaches_the_agent_s_own_socket_though_its_user_may_not(string runner)
    {
        var service = new LocalService(
            _home, "closed",
            $"service: {{runner: {runner}, listen: {{unix: web.sock, mode: '0600', owner: root}}, user: {attackers.Owner.Name}, ready: "
                + "{http: /}, health: {http: /, interval: 200ms}}\n",
            ("app.py", RunnerSamples.One));
        ThrowawayUser.Open(service.Folder);
        attackers.Owner.Own(service.Folder);
        await service.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Health is { Good: true }, "it is well");

        await _home.KillAgentAsync();

        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Health is { Good: true }, "it is well");
        Assert.Equal(1, (await service.StatusAsync()).Generation);
    }
}
