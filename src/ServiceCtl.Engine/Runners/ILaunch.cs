using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>One prepared launch: what to spawn, and how to talk to what was spawned.</summary>
public interface ILaunch : IDisposable
{
    string FileName { get; }

    IReadOnlyList<string> Arguments { get; }

    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Files the server itself logs to, beside what it prints.</summary>
    IReadOnlyList<string> LogFiles { get; }

    /// <summary>Files of the run folder by the names the configuration gives them: those names are made to point at the serving launch's.</summary>
    IReadOnlyDictionary<string, string> PublishedFiles { get; }

    /// <summary>The signal that makes the main process finish its requests and end.</summary>
    int StopSignal { get; }

    /// <summary>Can it be made to load its code anew while it runs?</summary>
    bool CanReload { get; }

    /// <summary>Is this very process ready? What is missing is said in the answer.</summary>
    Task<Readiness> CheckReadyAsync(ProcessIdentity process, CancellationToken cancellation);

    /// <summary>Is this a line that says nothing about a failed start, as a request that another generation served?</summary>
    bool IsNoise(string line);

    /// <summary>Remedy for a process that ended before it was ready, if its last words are known to the runner.</summary>
    string? Explain(IReadOnlyList<string> lastLines);

    /// <summary>Imports the code as the server would, in a process of its own that serves nothing.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImportFailed"/>, with the traceback in <see cref="ErrorReport.LogLines"/>.</exception>
    Task CheckCodeAsync(CancellationToken cancellation);

    /// <summary>Makes the running server load its code anew without losing a request, and returns when the new code serves.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.NotReady"/>.</exception>
    Task ReloadAsync(ChildProcess process, TimeSpan limit, CancellationToken cancellation);

    Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation);
}
