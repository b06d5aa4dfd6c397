using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>One prepared launch: what to spawn, and how to talk to what was spawned.</summary>
public interface ILaunch : IDisposable
{
    string FileName { get; }

    IReadOnlyList<string> Arguments { get; }

    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Sockets of the launch's own, passed behind the held one.</summary>
    IReadOnlyList<SafeHandle> PassedDescriptors => [];

    /// <summary>What the user should know of the configuration; each names its place.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>
    /// Files of the run folder by the names the configuration gives them: those names are made to point at the serving launch's.
    /// </summary>
    IReadOnlyDictionary<string, string> PublishedFiles { get; }

    /// <summary>The signal that makes the main process finish its requests and end.</summary>
    int StopSignal { get; }

    /// <summary>Does everybody of the process group get that signal, because the main process does not pass it on?</summary>
    bool StopsGroup => false;

    /// <summary>
    /// Is an end with exit code 0 before it was ready no failure? A program that only has something to do may be quick with it.
    /// </summary>
    bool MayFinish => false;

    /// <summary>
    /// Does it let requests that it has begun come to their end when it is asked to end? Others are asked only when none is left.
    /// </summary>
    bool FinishesRequests => false;

    /// <summary>Where a page of the service is asked for while it runs; null: at its address.</summary>
    ProbeSite? HealthSite => null;

    /// <summary>Null for a server that can't reload its code while it runs.</summary>
    ICodeReload? Reload { get; }

    /// <summary>
    /// Takes what the launched process prints, in order, in pieces that may end inside a line. Quick, and safe to call from any thread.
    /// </summary>
    void Observe(ReadOnlySpan<byte> output);

    /// <summary>Is this very process ready? What is missing is said in the answer.</summary>
    Task<Readiness> CheckReadyAsync(ProcessIdentity process, CancellationToken cancellation);

    /// <summary>Is this a line that says nothing about a failed start, as a request that another generation served?</summary>
    bool IsNoise(string line);

    /// <summary>Remedy for a process that ended before it was ready, if its last words are known to the runner.</summary>
    string? Explain(IReadOnlyList<string> lastLines);

    /// <summary>Makes a server that looks only from time to time whether it may end look now; null for one that needs no waking.</summary>
    Func<CancellationToken, Task>? Wake => null;

    /// <summary>
    /// Removes what only this kind of launch knows of, once the main process has been killed and its scope has been ended.
    /// </summary>
    Task CleanUpAsync() => Task.CompletedTask;

    Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation);
}
