using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Processes;

public sealed class SpawnerTests : IDisposable
{
    private readonly ProcessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public async Task The_exit_code_is_reported(int code)
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Shell($"exit {code}"));
        Assert.Equal(new ProcessExit(code, null), await ProcessBench.ExitOf(child));
    }

    [Fact]
    public async Task The_signal_that_ended_a_child_is_reported()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", "60"));
        Assert.True(child.Signal(Signals.Terminate));
        Assert.Equal(new ProcessExit(null, 15), await ProcessBench.ExitOf(child));
    }

    [Fact]
    public async Task An_ended_child_is_reaped_and_can_no_longer_be_signalled()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/true"));
        await ProcessBench.ExitOf(child);
        Assert.Null(ProcFs.TryRead(child.Pid));
        Assert.False(child.Signal(Signals.Terminate));
        Assert.False(child.Identity.IsAlive());
    }

    [Fact]
    public async Task No_signal_is_ignored_caught_or_blocked_in_the_child()
    {
        // The runtime ignores SIGPIPE in this very process.
        Assert.NotEqual(0ul, MaskOf(await File.ReadAllTextAsync("/proc/self/status"), "SigIgn") & (1ul << (13 - 1)));

        string status = await _bench.OutputOf(ProcessBench.Program("/bin/cat", "/proc/self/status"));
        Assert.Equal(0ul, MaskOf(status, "SigIgn"));
        Assert.Equal(0ul, MaskOf(status, "SigCgt"));
        Assert.Equal(0ul, MaskOf(status, "SigBlk"));
    }

    [Fact]
    public async Task A_child_that_prints_into_a_closed_pipe_dies_of_it()
    {
        string output = await _bench.OutputOf(ProcessBench.Program("/bin/bash", "-c", "yes | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}"));
        Assert.Equal("141\n", output);
    }

    [Fact]
    public void The_child_leads_a_session_and_a_group_of_its_own()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", "60"));
        ProcessFigures figures = Assert.IsType<ProcessFigures>(ProcFs.TryRead(child.Pid));
        Assert.Equal((child.Pid, child.Pid, Environment.ProcessId), (figures.Session, figures.ProcessGroup, figures.ParentPid));
    }

    [Fact]
    public async Task The_environment_is_exactly_the_given_one()
    {
        Dictionary<string, string> environment = new() { ["A"] = "1", ["EMPTY"] = "", ["Ü"] = "grün = good\nsecond line" };
        string output = await _bench.OutputOf(ProcessBench.Program("/usr/bin/env", "-0") with { Environment = environment });
        Assert.Equal(["A=1", "EMPTY=", "Ü=grün = good\nsecond line"], output.TrimEnd('\0').Split('\0').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_empty_environment_is_possible() =>
        Assert.Equal("",
            await _bench.OutputOf(ProcessBench.Program("/usr/bin/env") with { Environment = new Dictionary<string, string>() }));

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", "two words", "$HOME '\"", "ünï", "line\nend"];
        string output = await _bench.OutputOf(ProcessBench.Program("/usr/bin/printf", ["%s\\0", .. arguments]));
        Assert.Equal(arguments, output[..^1].Split('\0'));
    }

    [Fact]
    public async Task The_child_starts_in_its_working_directory() =>
        Assert.Equal(_bench.Folder + "\n",
            await _bench.OutputOf(ProcessBench.Program("/bin/pwd") with { WorkingDirectory = _bench.Folder }));

    [Fact]
    public async Task Standard_input_is_empty_and_unwanted_output_goes_nowhere()
    {
        string output = await _bench.OutputOf(ProcessBench.Program("/bin/readlink", "/proc/self/fd/0"));
        Assert.Equal("/dev/null\n", output);

        ChildProcess child = _bench.Spawn(
            ProcessBench.Shell("test \"$(readlink /proc/$$/fd/1)$(readlink /proc/$$/fd/2)\" = /dev/null/dev/null"));
        Assert.Equal(0, (await ProcessBench.ExitOf(child)).Code);
    }

    [Fact]
    public async Task Nothing_but_standard_streams_and_passed_descriptors_is_open_in_the_child()
    {
        // One that is not close-on-exec, as an inherited one would be.
        using SafeFileHandle inheritable = new(Duplicate(0), ownsHandle: true);
        using SafeFileHandle passed = File.OpenHandle("/etc/passwd");
        ProcessSpec list = ProcessBench.Python(
            "import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + n)))");

        Assert.Equal("[0, 1, 2]\n", await _bench.OutputOf(list));
        Assert.Equal("[0, 1, 2, 3, 4]\n", await _bench.OutputOf(list with { PassedDescriptors = [passed, passed] }));
    }

    [Fact]
    public async Task A_listening_socket_is_passed_on_and_accepted_on_by_the_child()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var child = ProcessBench.Python("import socket; s = socket.socket(fileno=3); c, _ = s.accept(); c.sendall(b'from the child')");
        _bench.Spawn(child with { PassedDescriptors = [listener.SafeHandle] });

        using TcpClient client = new();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndPoint!);
        using StreamReader reader = new(client.GetStream());
        Assert.Equal("from the child", await reader.ReadToEndAsync().WaitAsync(ProcessBench.Limit));
    }

    [Fact]
    public async Task Passed_descriptors_keep_their_order_whatever_their_numbers_here()
    {
        // So many that the child's numbers reach over those that the files have here.
        int count;
        using (SafeFileHandle lowest = File.OpenHandle("/dev/null"))
            count = (int)lowest.DangerousGetHandle() + 100;
        SafeFileHandle[] files = [.. Enumerable.Range(0, count).Select(i =>
        {
            File.WriteAllText(_bench.PathOf($"f{i}"), $"{i}\n");
            return File.OpenHandle(_bench.PathOf($"f{i}"));
        })];
        Array.Reverse(files);
        var child = ProcessBench.Python($"import os\nfor fd in range(3, {count + 3}): os.write(1, os.read(fd, 10))");
        string output = await _bench.OutputOf(child with { PassedDescriptors = files });
        Assert.Equal(Enumerable.Range(0, count).Reverse().Select(i => $"{i}"), output.TrimEnd('\n').Split('\n'));
        foreach (SafeFileHandle file in files)
            file.Dispose();
    }

    [Fact]
    public async Task Spawning_from_many_threads_mixes_nothing_up()
    {
        ProcessExit[] exits = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            ChildProcess child = _bench.Spawn(ProcessBench.Shell($"exit {i}"));
            return await ProcessBench.ExitOf(child);
        })));
        Assert.Equal(Enumerable.Range(0, 200), exits.Select(exit => exit.Code ?? -1));
    }

    [Fact]
    public void A_child_has_started_when_proc_says_so_whether_that_was_asked_or_not()
    {
        for (int i = 0; i < 50; i++)
        {
            ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", "60"));
            Assert.Equal(ProcessIdentity.Of(child.Pid), child.Identity);
        }
    }

    [Fact]
    public async Task A_detached_process_lives_in_its_own_session_and_leaves_no_zombie_when_it_ends()
    {
        ProcessIdentity identity = Spawner.SpawnDetached(ProcessBench.Program("/bin/sleep", "60"));
        Assert.True(identity.IsAlive());
        Assert.Equal(identity.Pid, ProcFs.TryRead(identity.Pid)?.Session);

        using ChildProcess adopted = Assert.IsType<ChildProcess>(ChildProcess.Adopt(identity, _bench.Watcher));
        adopted.Signal(Signals.Terminate);
        await ProcessBench.ExitOf(adopted);
        await ProcessBench.Until(() => ProcFs.TryRead(identity.Pid)?.Identity != identity, "the zombie is reaped");
    }

    private static ulong MaskOf(string status, string name) =>
        Convert.ToUInt64(status.Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split('\t')[1], 16);

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);
}
