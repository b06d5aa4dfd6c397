using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Processes;

[Collection(nameof(Alone))]
public sealed class LeftoverTests : IDisposable
{
    private readonly ProcessBench _bench = new();
    private readonly IReadOnlyList<int> _before = [.. ProcFs.ChildrenOfThisProcess()];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Refused_starts_leave_no_process_and_no_descriptor()
    {
        Refuse();
        string[] open = OpenDescriptors();
        for (int i = 0; i < 50; i++)
            Refuse();
        Assert.Equal(open, OpenDescriptors());
        Assert.Empty(ProcFs.ChildrenOfThisProcess().Except(_before));
        Assert.Equal(0, _bench.Watcher.Count);

        void Refuse() => Assert.Throws<ServiceCtlException>(() => _bench.Spawn(ProcessBench.Program(_bench.PathOf("nothing"))));
    }

    [Fact]
    public async Task Processes_that_were_let_go_of_leave_no_zombie_and_no_descriptor()
    {
        // The first round is for what the runtime opens once.
        string[] open = [];
        for (int round = 0; round < 5; round++)
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

        Assert.Equal(open, OpenDescriptors());
        Assert.Empty(ProcFs.ChildrenOfThisProcess().Except(_before));
        Assert.Equal(0, _bench.Watcher.Count);
    }

    // Without files: the runtime keeps open the assemblies that it loads meanwhile.
    private static string[] OpenDescriptors() =>
    [
        .. Directory.GetFileSystemEntries("/proc/self/fd").Select(path => ProcFile.TryReadLink(path)).OfType<string>()
            .Where(target => !target.StartsWith('/')).Order(StringComparer.Ordinal),
    ];
}
