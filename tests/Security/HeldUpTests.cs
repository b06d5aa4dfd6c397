using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// Whoever has a file system in user space can lock the memory of a process, or hold it in the middle of an exec, for as long as that does
/// not answer: what is read of the process in /proc waits for it. The agent does not.
/// </summary>
public sealed class HeldUpTests(Attackers attackers) : IAsyncDisposable
{
    /// <summary>What an order may take on a busy machine; the file system keeps its answer back for much longer.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A file system with one file that answers all but writing, which it does in the end. Nothing of it outlives its process, which ends
    /// by itself.
    /// </summary>
    private const string FileSystem = """
        import ctypes, os, pwd, select, signal, struct, subprocess, sys, time
        where, name, mark, attack = *sys.argv[1:4], sys.argv[4:]
        uid = pwd.getpwnam(name).pw_uid
        end = time.monotonic() + 45
        signal.alarm(60)
        libc = ctypes.CDLL(None, use_errno=True)
        device = os.open('/dev/fuse', os.O_RDWR)
        options = f'fd={device},rootmode=40000,user_id={uid},group_id={uid}'.encode()
        if libc.mount(b'held', where.encode(), b'fuse', 6, options) != 0:
            sys.exit(os.strerror(ctypes.get_errno()))
        def attributes(node):
            return struct.pack('<6Q10I', node, 4096, 8, 0, 0, 0, 0, 0, 0, 0o40755 if node == 1 else 0o100666, 1, uid, uid, 0, 4096, 0)
        def answer(unique, content=b'', error=0):
            try:
                os.write(device, struct.pack('<IiQ', 16 + len(content), -error, unique) + content)
            except OSError:
                pass
        subprocess.Popen(['/usr/bin/setpriv', f'--reuid={uid}', f'--regid={uid}', '--clear-groups', '--', *attack],
                         env={**os.environ, 'SERVICECTL_GENERATION': mark})
        while time.monotonic() < end:
            if not select.select([device], [], [], 0.1)[0]:
                continue
            try:
                request = os.read(device, 1 << 20)
            except OSError:
                continue
            _, code, unique, node = struct.unpack_from('<IIQQ', request)
            if code == 26:
                answer(unique, struct.pack('<IIIIHHIIHHI28x', 7, 31, 65536, 0, 12, 9, 65536, 1, 16, 0, 0))
            elif code == 1:
                answer(unique, struct.pack('<QQQQII', 2, 1, 1000, 1000, 0, 0) + attributes(2))
            elif code in (3, 4):
                answer(unique, struct.pack('<QII', 1000, 0, 0) + attributes(node))
            elif code in (14, 27):
                answer(unique, struct.pack('<QII', 1, 0, 0))
            elif code == 15:
                answer(unique, bytes(4096))
            elif code == 16:
                print('held', flush=True)
            elif code in (18, 20, 25, 29):
                answer(unique)
            elif code not in (2, 36, 42):
                answer(unique, error=38)
        """;

    private const string Attack = """
        import ctypes, os, sys
        libc = ctypes.CDLL(None)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        file = os.open(sys.argv[1] + '/file', os.O_RDWR)
        area = libc.mmap(None, 4096, 3, 1, file, 0)
        ctypes.memset(area, 1, 1)
        print('attack', os.getpid(), flush=True)
        if sys.argv[2] == 'memory':
            libc.mmap(area, 4096, 3, 0x32, -1, 0)
        else:
            os.execv('/bin/sleep', ['sleep', '1'])
        """;

    /// <summary>Says that its environment is a gibibyte of its memory.</summary>
    private const string Endless = """
        import ctypes, struct, time
        libc = ctypes.CDLL(None)
        libc.mmap.restype = libc.sbrk.restype = ctypes.c_void_p
        area = libc.mmap(None, ctypes.c_size_t(1 << 30), 3, 0x4022, -1, ctypes.c_long(0))
        stat = [0, 0, 0] + open('/proc/self/stat').read().rsplit(')', 1)[1].split()
        field = lambda number: int(stat[number])
        it = struct.pack('<12QIi', field(26), field(27), field(45), field(46), field(47), libc.sbrk(0), field(28), field(48), field(49),
                         area, area + (1 << 30), 0, 0, -1)
        print('came', libc.prctl(35, 14, it, ctypes.c_ulong(len(it)), 0), flush=True)
        time.sleep(100000)
        """;

    private readonly Home _home = new();
    private readonly List<Process> _started = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-held-").FullName;

    /// <summary>Of the first service; the stranger who carries it is looked at, and not believed.</summary>
    private string Mark => new ScopeMarker(ScopeMarker.HomeOf(_home.Paths.Home), "first", 1).ToString();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
        {
            // Not its tree, for which .NET looks at every process: it is the end of the server that answers all who wait.
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await _home.DisposeAsync();
        Directory.Delete(_folder);
    }

    [Theory]
    [InlineData("memory", "environ")]
    [InlineData("exec", "stat")]
    public async Task A_process_that_keeps_waiting_whoever_looks_at_it_holds_up_no_order(string kind, string file)
    {
        var service = await StartAsync("first");
        var pid = await HoldUpAsync(kind);
        var look = Start("/usr/bin/cat", $"/proc/{pid}/{file}");
        Assert.SkipWhen(look.WaitForExit(TimeSpan.FromSeconds(1)), "this kernel lets nobody be held up like that");

        await WithinAsync("the end of a program", EndTreeAsync);
        await WithinAsync("status", async () => Assert.Equal(1, (await service.StatusAsync()).ProcessCount));
        await WithinAsync("start", () => StartAsync("second"));
        await WithinAsync("restart", () => service.MustAsync(ServiceAction.Restart));
        await WithinAsync("stop", () => service.MustAsync(ServiceAction.Stop));
        await _home.KillAgentAsync();
        await WithinAsync("the next agent", async () => Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State));
    }

    [Fact]
    public async Task An_environment_without_end_is_read_to_an_end()
    {
        var service = await StartAsync("first");
        var stranger = attackers.Stranger.Name;
        var endless = Start(
            "/usr/bin/setpriv", "--reuid", stranger, "--regid", stranger, "--init-groups", "--", "/usr/bin/env",
            $"{ScopeMarker.GenerationVariable}={Mark}", "/usr/bin/python3", "-c", Endless);
        Assert.SkipUnless(
            await endless.StandardOutput.ReadLineAsync() == "came 0", "this kernel lets no process say where its environment is");

        var agent = (await _home.Client.Agent.FindAsync(CancellationToken.None))!.Pid;
        Assert.Equal(1, (await service.StatusAsync()).ProcessCount);
        await service.MustAsync(ServiceAction.Restart);

        var most = File.ReadLines($"/proc/{agent}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(most.Split(' ')[^2], CultureInfo.InvariantCulture), 1, 400 * 1024);
    }

    private async Task<int> HoldUpAsync(string kind)
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "there is no /dev/fuse here");
        var server = Start(
            "/usr/bin/unshare", "--mount", "--propagation", "private", "/usr/bin/python3", "-c", FileSystem, _folder,
            attackers.Stranger.Name, Mark, "/usr/bin/python3", "-c", Attack, _folder, kind);
        var pid = 0;
        while (await server.StandardOutput.ReadLineAsync() is { } line && line != "held")
            pid = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.SkipWhen(pid == 0, "this kernel mounts no file system of FUSE");
        return pid;
    }

    private async Task<LocalService> StartAsync(string name)
    {
        var service = new LocalService(
            _home, name, $"service: {{runner: command, command: [sleep, '100000'], user: {attackers.Owner.Name}}}\n");
        ThrowawayUser.Open(service.Folder);
        attackers.Owner.Own(service.Folder);
        await service.MustAsync(ServiceAction.Start);
        return service;
    }

    /// <summary>As a deploy ends what takes too long.</summary>
    private async Task EndTreeAsync()
    {
        var shell = Start("/bin/sh", "-c", "sleep 100000 & echo $!; wait");
        var sleeper = ProcessIdentity.Of(int.Parse((await shell.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture))!.Value;
        ProcessTree.Kill(shell);
        await Condition.HoldsAsync(() => !sleeper.IsAlive(), "its child has ended");
    }

    private static async Task WithinAsync(string what, Func<Task> order)
    {
        var began = Stopwatch.GetTimestamp();
        await order();
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.SendDiagnosticMessage($"{what}: {took.TotalMilliseconds:0} ms");
        Assert.True(took < Usual, $"{what} took {took.TotalSeconds:0.0} s");
    }

    private Process Start(params string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        _started.Add(process);
        return process;
    }
}
