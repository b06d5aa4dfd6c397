using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Integration.Processes.Scopes;

/// <summary>
/// A subreaper with generations, as an agent is that is the first process of a container, with cgroups or without. Nothing of them is left
/// afterwards.
/// </summary>
public sealed class ScopeBench : IDisposable
{
    private const int SetChildSubreaper = 36; // PR_SET_CHILD_SUBREAPER

    private readonly List<ProcessScope> _made = [];

    public ScopeBench(bool cgroups)
    {
        _ = Prctl(SetChildSubreaper, 1, 0, 0, 0);
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

    /// <summary>The living processes of a generation; none of one that has ended.</summary>
    public IReadOnlyList<ProcessFigures> MembersOf(ProcessScope scope) =>
        Scopes.Members(ProcessTable.Read()).GetValueOrDefault(scope) ?? [];

    public static Task<EndReport> End(ProcessScope scope) => scope.EndAsync(ProcessBench.Limit, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        foreach (ProcessScope scope in _made)
            scope.EndAsync(ProcessBench.Limit, CancellationToken.None).Wait(ProcessBench.Limit);
        Scopes.Dispose();
        Processes.Dispose();
        _ = Prctl(SetChildSubreaper, 0, 0, 0, 0);
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
