using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Integration.Processes.Scopes;

/// <summary>A subreaper with generations, as the agent is, with cgroups or without. Nothing of them is left afterwards.</summary>
public sealed class ScopeBench : IDisposable
{
    private readonly OrphanReaper _reaper;
    private readonly List<ProcessScope> _made = [];

    public ScopeBench(bool cgroups)
    {
        Subreaper.Enable();
        _reaper = new OrphanReaper(Processes.Watcher, TimeProvider.System);
        Scopes = cgroups
            ? new ProcessScopes(Processes.Folder, Processes.Watcher, TimeProvider.System)
            : new ProcessScopes(Processes.Folder, Processes.Watcher, TimeProvider.System, tree: null);
        Assert.SkipWhen(cgroups && Scopes.NoCgroupsBecause is not null, Scopes.NoCgroupsBecause ?? "");
    }

    public ProcessBench Processes { get; } = new();

    public ProcessScopes Scopes { get; }

    public ProcessScope Create(string service = "web", int generation = 1, bool entersByItself = false)
    {
        ProcessScope scope = Scopes.Create(new() { Service = service, Generation = generation, EntersByItself = entersByItself });
        lock (_made)
            _made.Add(scope);
        return scope;
    }

    /// <summary>A shell as the main process; <c>$D</c> is the bench's folder.</summary>
    public ChildProcess Start(ProcessScope scope, string script) =>
        Start(scope, ProcessBench.Program("/bin/sh", "-c", $"D={Processes.Folder}; {script}"));

    public ChildProcess Start(ProcessScope scope, ProcessSpec spec)
    {
        ChildProcess main = Processes.Spawn(scope.Wrap(spec));
        scope.Enter(main);
        return main;
    }

    public async Task<ProcessIdentity> ProcessIn(string name) => Assert.NotNull(ProcessIdentity.Of(await Processes.PidIn(name)));

    public static Task<EndReport> End(ProcessScope scope) => scope.EndAsync(ProcessBench.Limit, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        foreach (ProcessScope scope in _made)
            scope.EndAsync(ProcessBench.Limit, CancellationToken.None).Wait(ProcessBench.Limit);
        Scopes.Dispose();
        _reaper.Dispose();
        Processes.Dispose();
        _ = Prctl(36, 0, 0, 0, 0);
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
