using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// What a service can do to another, and to the agent, by what the kernel offers about processes: <c>/proc</c>, ptrace, descriptors,
/// memory, signals. Between users nothing; the agent is nobody's either, also while one of its threads is a service's user to others.
/// </summary>
public sealed class NeighbourTests(Attackers attackers) : IAsyncDisposable
{
    /// <summary>Tries everything on each thread of a process, for some time, and prints what worked.</summary>
    private const string Attack = """
        import ctypes, json, os, sys, time
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        pid, end = int(sys.argv[1]), time.monotonic() + float(sys.argv[2])
        limits = ctypes.create_string_buffer(16)
        class Part(ctypes.Structure):
            _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
        def read(path):
            with open(path, 'rb') as file:
                return file.read(1)
        def call(number, *arguments):
            result = libc.syscall(number, *map(ctypes.c_long, arguments))
            if result < 0:
                raise OSError(ctypes.get_errno(), str(number))
            return result
        def seize(thread):
            if libc.ptrace(0x4206, thread, None, None) != 0:
                raise OSError(ctypes.get_errno(), 'seize')
            os._exit(77)
        def memory(thread):
            here = ctypes.create_string_buffer(8)
            part = Part(ctypes.addressof(here), 8)
            call(310, thread, ctypes.addressof(part), 1, ctypes.addressof(part), 1, 0)
        def take(thread):
            handle = call(434, pid, 0)
            try:
                for number in range(20):
                    try:
                        return call(438, handle, number, 0)
                    except OSError as error:
                        if error.errno != 9:
                            raise
            finally:
                os.close(handle)
        attacks = {name: (lambda thread, name=name: read(f'/proc/{pid}/task/{thread}/{name}'))
                   for name in ('environ', 'mem', 'maps', 'auxv', 'syscall', 'stack', 'io')}
        attacks |= {name: (lambda thread, name=name: os.readlink(f'/proc/{pid}/task/{thread}/{name}'))
                    for name in ('exe', 'cwd', 'root')}
        attacks |= {'fd': lambda thread: os.listdir(f'/proc/{pid}/task/{thread}/fd'),
                    'fdinfo': lambda thread: os.listdir(f'/proc/{pid}/task/{thread}/fdinfo'),
                    'oom': lambda thread: open(f'/proc/{pid}/oom_score_adj', 'w').write('1000'),
                    'memory': memory, 'seize': seize, 'getfd': take, 'signal': lambda thread: os.kill(thread, 0),
                    'limits': lambda thread: call(302, thread, 7, 0, ctypes.addressof(limits)),
                    'affinity': lambda thread: os.sched_setaffinity(thread, {0}), 'nice': lambda thread: os.setpriority(0, thread, 19)}
        worked, tried = set(), 0
        while True:
            for thread in map(int, os.listdir(f'/proc/{pid}/task')):
                for name, attack in attacks.items():
                    tried += 1
                    try:
                        attack(thread)
                        worked.add(name)
                    except (OSError, ValueError):
                        pass
            if time.monotonic() > end:
                break
        print(json.dumps({'worked': sorted(worked), 'tried': tried}))
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_service_of_another_user_gets_nothing_out_of_a_service_or_does_anything_to_it()
    {
        var victim = Sleeper("victim", attackers.Owner);
        var started = await victim.MustAsync(ServiceAction.Start);
        await Sleeper("neighbour", attackers.Stranger).MustAsync(ServiceAction.Start);

        var came = await AttackAsync(attackers.Stranger, started.After!.Pid!.Value, seconds: 0.2);

        Assert.Empty(came.Worked);
        Assert.Equal(started.After.Pid, (await victim.StatusAsync()).Pid);
        // Whoever owns it, on the other hand, is the same to the kernel; docs/security.md says so.
        Assert.NotEmpty((await AttackAsync(attackers.Owner, started.After.Pid!.Value, seconds: 0)).Worked);
    }

    /// <summary>A thread of root's agent is the service's user to others for each probe, twenty a second here.</summary>
    [Fact]
    public async Task The_agent_is_nobody_s_also_while_a_thread_of_it_is_the_service_s_user_to_others()
    {
        var owner = attackers.Owner;
        var services = Enumerable.Range(0, 4).Select(number => new LocalService(
            _home, $"probed{number}",
            $"service: {{runner: command, command: [/usr/bin/python3, app.py], listen: 'unix:web.sock', socket: own, user: {owner.Name}, "
                + "ready: {http: /}, health: {http: /, interval: 200ms}}\n",
            ("app.py", Listening))).ToList();
        foreach (var service in services)
        {
            ThrowawayUser.Open(service.Folder);
            owner.Own(service.Folder);
            await service.MustAsync(ServiceAction.Start);
        }

        var agent = (await _home.Client.Agent.FindAsync(CancellationToken.None))!.Pid;
        var came = await AttackAsync(owner, agent, seconds: 4);

        Assert.Empty(came.Worked);
        Assert.InRange(came.Tried, 1000, int.MaxValue);
        foreach (var service in services)
            Assert.True((await service.StatusAsync()).Health is { Good: true }, service.Name);
    }

    private const string Listening = """
        import http.server, os, socketserver
        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            pass
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header('Content-Length', '2')
                self.end_headers()
                self.wfile.write(b'ok')
            def address_string(self):
                return 'somebody'
        if os.path.exists('web.sock'):
            os.unlink('web.sock')
        Server('web.sock', Handler).serve_forever()
        """;

    private LocalService Sleeper(string name, ThrowawayUser user)
    {
        var service = new LocalService(
            _home, name, $"service: {{runner: command, command: [sleep, '100000'], user: {user.Name}, environment: {{SECRET: s3cret}}}}\n");
        ThrowawayUser.Open(service.Folder);
        user.Own(service.Folder);
        return service;
    }

    private static async Task<(string[] Worked, int Tried)> AttackAsync(ThrowawayUser user, int pid, double seconds)
    {
        var attack = await user.RunAsync(
            "/usr/bin/python3", "-c", Attack, FormattableString.Invariant($"{pid}"), FormattableString.Invariant($"{seconds}"));
        // It ends by this number when it has got hold of a thread.
        Assert.True(attack.Code is 0 or 77, attack.ToString());
        if (attack.Code == 77)
            return (["seize"], 0);
        using var came = JsonDocument.Parse(attack.Output);
        return ([.. came.RootElement.GetProperty("worked").EnumerateArray().Select(name => name.GetString()!)],
            came.RootElement.GetProperty("tried").GetInt32());
    }
}
