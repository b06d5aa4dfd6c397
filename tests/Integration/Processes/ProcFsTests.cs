using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Processes;

public sealed class ProcFsTests : IDisposable
{
    private readonly ProcessBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Figures_of_this_process_are_those_that_the_runtime_knows()
    {
        DateTime before = DateTime.Now;
        ProcessFigures figures = Assert.IsType<ProcessFigures>(ProcFs.TryRead(Environment.ProcessId));
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        Assert.Equal(self.ProcessName[..Math.Min(15, self.ProcessName.Length)], figures.Name);
        Assert.InRange(ProcFs.StartTime(figures.Identity), self.StartTime - TimeSpan.FromSeconds(2),
            self.StartTime + TimeSpan.FromSeconds(2));
        Assert.InRange(ProcFs.Age(figures.Identity), before - self.StartTime - TimeSpan.FromSeconds(2),
            DateTime.Now - self.StartTime + TimeSpan.FromSeconds(2));
        Assert.InRange(figures.ProcessorTime, TimeSpan.FromMilliseconds(10), self.TotalProcessorTime + TimeSpan.FromMilliseconds(50));
        Assert.InRange(figures.ResidentBytes, self.WorkingSet64 / 2, self.WorkingSet64 * 2);
        Assert.Equal(Environment.ProcessPath, ProcFs.TryReadExecutablePath(Environment.ProcessId));
    }

    [Fact]
    public async Task What_a_process_was_started_with_is_read()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", "60", "0") with
        {
            WorkingDirectory = _bench.Folder,
            Environment = new Dictionary<string, string> { ["NAME"] = "välue", ["NAME2"] = "", ["OTHERNAME"] = "x" },
        });
        await Started(child);
        Assert.Equal(["/bin/sleep", "60", "0"], ProcFs.TryReadCommandLine(child.Pid));
        Assert.True(ProcFs.WorksIn(child.Pid, _bench.Folder));
        Assert.EndsWith("/sleep", ProcFs.TryReadExecutablePath(child.Pid), StringComparison.Ordinal);
        Assert.Equal("välue", ProcFs.TryReadEnvironmentVariable(child.Pid, "NAME"));
        Assert.Equal("", ProcFs.TryReadEnvironmentVariable(child.Pid, "NAME2"));
        Assert.Null(ProcFs.TryReadEnvironmentVariable(child.Pid, "NAM"));
    }

    [Fact]
    public async Task Of_a_process_that_has_ended_nothing_is_read()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/true"));
        await ProcessBench.ExitOf(child);
        Assert.Null(ProcFs.TryRead(child.Pid));
        Assert.Null(ProcFs.TryReadCommandLine(child.Pid));
        Assert.Null(ProcFs.TryReadExecutablePath(child.Pid));
        Assert.Null(ProcFs.TryReadEnvironmentVariable(child.Pid, "PATH"));
        Assert.Null(ProcessIdentity.Of(child.Pid));
    }

    [Fact]
    public async Task A_command_line_longer_than_a_page_is_read_whole()
    {
        string[] arguments = ["60", .. Enumerable.Repeat("0.000000000000000000000000000000000000001", 1000)];
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", arguments));
        await Started(child);
        Assert.Equal(["/bin/sleep", .. arguments], ProcFs.TryReadCommandLine(child.Pid));
    }

    [Fact]
    public async Task The_table_knows_groups_and_children()
    {
        ChildProcess child = _bench.Spawn(
            ProcessBench.Shell($"setsid sh -c 'sleep 60 & echo 1 > {_bench.PathOf("ready")}; wait' & sleep 60 & wait"));
        await _bench.PidIn("ready");
        await ProcessBench.Until(() => ProcessTable.Read().DescendantsOf(child.Pid).Count(process => process.Name == "sleep") == 2,
            "both sleep");
        ProcessTable table = ProcessTable.Read();

        Assert.Equal(child.Pid, table.Find(child.Pid)?.Pid);
        Assert.Contains(table.ChildrenOf(Environment.ProcessId), process => process.Pid == child.Pid);
        Assert.Equal(["sh", "sleep", "sleep"],
            table.DescendantsOf(child.Pid).Select(process => process.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["sh", "sleep"], table.InGroup(child.Pid).Select(process => process.Name).Order(StringComparer.Ordinal));
        foreach (ProcessFigures process in table.DescendantsOf(child.Pid))
            System.Diagnostics.Process.GetProcessById(process.Pid).Kill();
    }

    [Fact]
    public void Every_process_is_listed()
    {
        Assert.Contains(1, ProcFs.Pids());
        Assert.Contains(Environment.ProcessId, ProcFs.Pids());
    }

    [Fact]
    public async Task A_limit_is_set_for_a_running_process()
    {
        ChildProcess child = _bench.Spawn(ProcessBench.Program("/bin/sleep", "60"));
        Rlimits.Apply(child.Pid, ResourceLimit.OpenFiles, 123, 456);
        Assert.Equal(((ulong?)123, (ulong?)456), Rlimits.Read(child.Pid, ResourceLimit.OpenFiles));
        Assert.Matches(@"Max open files +123 +456 ", await File.ReadAllTextAsync($"/proc/{child.Pid}/limits"));
        Rlimits.Apply(child.Pid, ResourceLimit.CoreSize, 0, null);
        Assert.Equal(((ulong?)0, (ulong?)null), Rlimits.Read(child.Pid, ResourceLimit.CoreSize));
        Assert.Equal(ErrorCode.System,
            Assert.Throws<ServiceCtlException>(() => Rlimits.Apply(child.Pid, ResourceLimit.OpenFiles, 500, 456)).Code);
    }

    private static Task Started(ChildProcess child) =>
        ProcessBench.Until(() => ProcFs.TryReadCommandLine(child.Pid)?.Count > 0, "the program is loaded");
}
