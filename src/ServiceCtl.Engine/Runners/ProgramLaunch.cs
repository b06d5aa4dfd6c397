using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Runners;

/// <summary>One launch of a program that is asked to end by a signal and knows no other order.</summary>
internal sealed class ProgramLaunch : ILaunch
{
    private readonly ServiceDefinition _definition;
    private readonly string _pidFile;
    private readonly ReadinessGate _gate;

    public ProgramLaunch(LaunchRequest request, ReadinessGate gate)
    {
        _definition = request.Definition;
        _pidFile = request.PidFile;
        _gate = gate;
    }

    public string FileName { get; init; } = "";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> PublishedFiles =>
        _definition.PidFile is { } path ? new Dictionary<string, string> { [path] = _pidFile } : new Dictionary<string, string>();

    /// <summary>A daemon in the manner of Simple Daemon interrupts its work at SIGINT.</summary>
    public int StopSignal => _definition.Stop.Mode == StopMode.Aggressive ? Signals.Interrupt : _definition.Stop.Signal;

    public bool StopsGroup { get; init; }

    public bool MayFinish { get; init; }

    public bool FinishesRequests { get; init; }

    public ICodeReload? Reload => null;

    /// <summary>What this very process has to show, beside what is asked for; null for nothing.</summary>
    public Func<ProcessIdentity, Readiness>? Proof { get; init; }

    /// <summary>What the last words of this kind of program mean, where that is known.</summary>
    public Func<IReadOnlyList<string>, string?>? Explanation { get; init; }

    /// <summary>What is done once it has been killed; null for nothing.</summary>
    public Func<Task>? CleanUp { get; init; }

    /// <summary>Tells the lines that report a served request.</summary>
    public Func<string, bool>? Requests { get; init; }

    public void Observe(ReadOnlySpan<byte> output) => _gate.Observe(output);

    public async Task<Readiness> CheckReadyAsync(ProcessIdentity process, CancellationToken cancellation) =>
        Proof?.Invoke(process) is { IsReady: false } missing ? missing : await _gate.CheckAsync(cancellation);

    public bool IsNoise(string line) => Requests?.Invoke(line) ?? false;

    public string? Explain(IReadOnlyList<string> lastLines) =>
        Explanation?.Invoke(lastLines) ?? PythonWords.Explain(_definition, lastLines);

    public Task CleanUpAsync() => CleanUp?.Invoke() ?? Task.CompletedTask;

    public Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<WorkerStatus>>([]);

    public void Dispose() => _gate.Dispose();
}
