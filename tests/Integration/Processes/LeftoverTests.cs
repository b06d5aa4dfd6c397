using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Processes;

/// <summary>
/// What is left is counted over so many starts that nothing else can be taken for it: the runtime opens and closes descriptors of its own
/// when it likes.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LeftoverTests : IDisposable
{
    private const int Starts = 250;

    private readonly ProcessBench _bench = new();
    private readonly IReadOnlyList<int> _before = [.. ProcFs.ChildrenOf(Environment.ProcessId)];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Refused_starts_leave_no_process_and_no_descriptor()
    {
        Refuse();
        int open = OpenDescriptors();
        for (int i = 0; i < Starts; i++)
            Refuse();
        Assert.InRange(OpenDescriptors(), 0, open + Starts / 2);
        Assert.Empty(ProcFs.ChildrenOf(Environment.ProcessId).Except(_before));
        Assert.Equal(0, _bench.Watched);

        void Refuse() => Assert.Throws<ServiceCtlException>(() => _bench.Spawn(ProcessBench.Program(_bench.PathOf("nothing"))));
    }

    [Fact]
    public async Task Processes_that_were_let_go_of_leave_no_zombie_and_no_descriptor()
    {
        // The first round is for what the runtime opens once.
        int open = 0;
        for (int round = 0; round <= Starts / 50; round++)
        {
            ChildProcess[] children = [.. Enumerable.Range(0, 50).Select(_ => _bench.Spawn(ProcessBench.Program("/bin/sleep", "0.2")))];
            ChildProcess adopted = Assert.IsType<ChildProcess>(ChildProcess.Adopt(Assert.NotNull(ProcessIdentity.Of(1)), _bench.Watcher));
            adopted.Dispose();

            // Half of them before their end.
            foreach (ChildProcess child in children[..25])
                child.Dispose();
            await Task.WhenAll(children.Select(ProcessBench.ExitOf));
            foreach (ChildProcess child in children)
                child.Dispose();
            open = round == 0 ? OpenDescriptors() : open;
        }

        Assert.InRange(OpenDescriptors(), 0, open + Starts / 2);
        Assert.Empty(ProcFs.ChildrenOf(Environment.ProcessId).Except(_before));
        Assert.Equal(0, _bench.Watched);
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
