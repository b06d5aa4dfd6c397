using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Processes;

public sealed class ChildProcessTests : IDisposable
{
    private readonly ProcessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_thousand_children_that_end_at_once_are_all_noticed()
    {
        ChildProcess[] children = [.. Enumerable.Range(0, 1000).Select(_ => _bench.Spawn(ProcessBench.Program("/bin/sleep", "60")))];
        Assert.Equal(1000, _bench.Watched);
        foreach (ChildProcess child in children)
            child.Signal(Signals.Kill);
        ProcessExit[] exits = await Task.WhenAll(children.Select(ProcessBench.ExitOf));
        Assert.All(exits, exit => Assert.Equal(9, exit.Signal));
        Assert.Equal(0, _bench.Watched);
        Assert.All(children, child => Assert.Null(ProcFs.TryRead(child.Pid)));
    }

    [Fact]
    public async Task A_group_signal_reaches_grandchildren()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Shell($"sleep 60 & echo $! > {_bench.PathOf("pid")}; wait"));
        ProcessIdentity grandchild = Assert.NotNull(ProcessIdentity.Of(await _bench.PidIn("pid")));
        Assert.True(child.SignalGroup(Signals.Terminate));
        await ProcessBench.ExitOf(child);
        await ProcessBench.Until(() => !grandchild.IsAlive(), "the grandchild ends");
    }

    [Fact]
    public async Task A_group_signal_reaches_helpers_that_outlive_their_leader()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Shell($"sleep 60 & echo $! > {_bench.PathOf("pid")}"));
        await ProcessBench.ExitOf(child);
        ProcessIdentity helper = Assert.NotNull(ProcessIdentity.Of(await _bench.PidIn("pid")));

        Assert.True(child.SignalGroup(0));
        Assert.True(child.SignalGroup(Signals.Kill));
        await ProcessBench.Until(() => !helper.IsAlive(), "the helper ends");
        await ProcessBench.Until(() => !child.SignalGroup(0), "the group is empty");
        Assert.False(child.SignalGroup(Signals.Kill));
    }

    [Fact]
    public async Task A_zombie_counts_as_ended()
    {
        // The child of a python that doesn't wait for it.
        _bench.Spawn(
            ProcessBench.Python(
                $"import os, time\npid = os.fork()\nif pid == 0: os._exit(0)\nopen('{_bench.PathOf("pid")}', "
                    + "'w').write(str(pid))\ntime.sleep(60)"));
        int pid = await _bench.PidIn("pid");
        await ProcessBench.Until(() => ProcFs.TryRead(pid)?.State == 'Z', "the child is a zombie");
        ProcessIdentity zombie = ProcFs.TryRead(pid)!.Identity;
        Assert.Null(ProcessIdentity.Of(pid));
        Assert.False(zombie.IsAlive());
        Assert.Null(ChildProcess.Adopt(zombie, _bench.Watcher));
    }

    [Theory]
    [InlineData("exit 42", 42, null)]
    [InlineData("exit 0", 0, null)]
    [InlineData("kill -9 $$", null, 9)]
    public async Task The_end_of_an_adopted_stranger_is_noticed_with_its_exit_code(string ending, int? code, int? signal)
    {
        // A grandchild: its parent, which waits for it, is not this process.
        string go = _bench.PathOf("go");
        _bench.Spawn(
            ProcessBench.Shell(
                $"(echo $(exec sh -c 'echo $PPID') > {_bench.PathOf("pid")}; while ! test -e {go}; do sleep 0.02; done; exec sh -c "
                    + $"'{ending}') & wait"));
        ProcessIdentity identity = Assert.NotNull(ProcessIdentity.Of(await _bench.PidIn("pid")));
        using ChildProcess adopted = Assert.IsType<ChildProcess>(ChildProcess.Adopt(identity, _bench.Watcher));
        Assert.False(adopted.Exited.IsCompleted);

        await File.WriteAllTextAsync(go, "");
        Assert.Equal(new ProcessExit(code, signal), await ProcessBench.ExitOf(adopted));
        Assert.False(adopted.Signal(0));
    }

    [Fact]
    public async Task An_adopted_stranger_that_nobody_reaps_is_noticed_too()
    {
        string go = _bench.PathOf("go");
        _bench.Spawn(ProcessBench.Python(
            $"import os, time\npid = os.fork()\nif pid == 0:\n  while not os.path.exists('{go}'): time.sleep(0.01)\n  "
                + $"os._exit(3)\nopen('{_bench.PathOf("pid")}', 'w').write(str(pid))\ntime.sleep(60)"));
        using ChildProcess adopted = Assert.IsType<ChildProcess>(
            ChildProcess.Adopt(Assert.NotNull(ProcessIdentity.Of(await _bench.PidIn("pid"))), _bench.Watcher));
        await File.WriteAllTextAsync(go, "");
        Assert.Equal(3, (await ProcessBench.ExitOf(adopted)).Code);
    }

    [Fact]
    public void A_process_with_another_start_time_is_not_adopted()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", "60"));
        ProcessIdentity reused = child.Identity with { StartTicks = child.Identity.StartTicks - 1 };
        Assert.Null(ChildProcess.Adopt(reused, _bench.Watcher));
        Assert.False(reused.IsAlive());
        Assert.True(child.Identity.IsAlive());
    }

    [Fact]
    public async Task An_adopted_child_of_somebody_else_in_this_process_is_left_to_its_owner()
    {
        using Process owned = Process.Start("/bin/sleep", "60");
        using ChildProcess adopted = Assert.IsType<ChildProcess>(
            ChildProcess.Adopt(Assert.NotNull(ProcessIdentity.Of(owned.Id)), _bench.Watcher));
        adopted.Signal(Signals.Terminate);
        await ProcessBench.ExitOf(adopted);
        await owned.WaitForExitAsync().WaitAsync(ProcessBench.Limit);
        Assert.Equal(128 + Signals.Terminate, owned.ExitCode);
    }

    [Fact]
    public async Task Children_of_the_Process_class_keep_their_exit_codes_beside_ours()
    {
        Task<ProcessExit>[] ours = [
            .. Enumerable.Range(0, 50).Select(i => ProcessBench.ExitOf(_bench.Spawn(ProcessBench.Shell($"exit {i}"))))];
        for (int i = 0; i < 20; i++)
        {
            using Process theirs = Process.Start("/bin/sh", ["-c", $"exit {i}"]);
            await theirs.WaitForExitAsync().WaitAsync(ProcessBench.Limit);
            Assert.Equal(i, theirs.ExitCode);
        }

        Assert.Equal(Enumerable.Range(0, 50), (await Task.WhenAll(ours)).Select(exit => exit.Code ?? -1));
    }

    [Fact]
    public async Task A_child_that_was_let_go_of_is_still_reaped()
    {
        ChildProcess child = Spawner.Spawn(ProcessBench.Program("/bin/sleep", "60"), _bench.Watcher);
        child.Dispose();
        Process.GetProcessById(child.Pid).Kill();
        Assert.Equal(9, (await ProcessBench.ExitOf(child)).Signal);
        Assert.Null(ProcFs.TryRead(child.Pid));
        Assert.Throws<ObjectDisposedException>(() => child.Signal(0));
    }

    [Fact]
    public async Task Letting_go_of_an_adopted_process_ends_the_watching_and_not_the_process()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", "60"));
        ChildProcess adopted = Assert.IsType<ChildProcess>(ChildProcess.Adopt(child.Identity, _bench.Watcher));
        adopted.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProcessBench.ExitOf(adopted));
        Assert.True(child.Identity.IsAlive());
        Assert.Equal(1, _bench.Watched);
    }

    [Fact]
    public async Task Disposing_the_watcher_cancels_what_still_runs()
    {
        ExitWatcher watcher = new();
        ChildProcess adopted = Assert.IsType<ChildProcess>(
            ChildProcess.Adopt(_bench.Spawn(ProcessBench.Program("/bin/sleep", "60")).Identity, watcher));
        watcher.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProcessBench.ExitOf(adopted));
    }

    [Fact]
    public async Task A_listening_socket_is_taken_back_from_a_process_by_its_address_whatever_its_number()
    {
        IPEndPoint endpoint;
        ChildProcess child;
        using (Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            endpoint = (IPEndPoint)listener.LocalEndPoint!;
            child = _bench.Spawn(
                ProcessBench.Program("/bin/bash", "-c",
                    "exec 7<&3 3</dev/null; sleep 60") with
                { PassedDescriptors = [listener.SafeHandle] });
        }

        await Condition.HoldsAsync(
            () => File.ResolveLinkTarget($"/proc/{child.Pid}/fd/3", returnFinalTarget: false)?.FullName == "/dev/null",
            "the number is something else's");
        using Socket taken = Assert.IsType<Socket>(ListenerSearch.TryTake([child.Pid], endpoint));
        Assert.Null(ListenerSearch.TryTake([child.Pid], new IPEndPoint(IPAddress.Any, endpoint.Port)));
        child.Signal(Signals.Kill);
        await ProcessBench.ExitOf(child);
        Assert.Equal(endpoint, taken.LocalEndPoint);
        using TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(endpoint);
        using Socket accepted = await taken.AcceptAsync().WaitAsync(ProcessBench.Limit);
        Assert.Equal(client.Client.LocalEndPoint, accepted.RemoteEndPoint);
    }
}
