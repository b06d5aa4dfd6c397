using ServiceCtl.Contracts;
using ServiceCtl.Engine.Discovery;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>Asks everybody who knows something about a service: its supervisor, its server, the kernel.</summary>
internal sealed class ServiceStatusReader
{
    private readonly SupervisionContext _context;
    private readonly Func<string, ServiceDefinition?> _definitionOf;
    private readonly ConsulStatusReader _consul = new();

    // One look at /proc serves all services of a question.
    private readonly Lazy<ProcessTable> _processes = new(ProcessTable.Read);

    /// <param name="context">What supervisors share.</param>
    /// <param name="definitionOf">The definition of a service as it was last read; null for one that never could be.</param>
    public ServiceStatusReader(SupervisionContext context, Func<string, ServiceDefinition?> definitionOf)
    {
        _context = context;
        _definitionOf = definitionOf;
    }

    public async Task<PyServiceStatus> ReadAsync(Supervisor supervisor, CancellationToken cancellation)
    {
        var record = supervisor.Record;
        IReadOnlyList<ProcessFigures> figures = record.Pid is { } pid && _processes.Value.Find(pid) is { } main
            ? [main, .. _processes.Value.DescendantsOf(pid)]
            : [];
        bool? isListening = ListenAddress.TryParse(record.Listen, "/", out var address) ? AddressHolder.IsListening(address) : null;
        var consul = await _consul.ReadAsync(_definitionOf(record.Name)?.Consul, cancellation);
        return new PyServiceStatus
        {
            Name = record.Name,
            State = record.State,
            Pid = record.Pid,
            Generation = record.Generation,
            Restarts = record.Restarts,
            StartedAt = record.StartedAt,
            Uptime = _context.Time.GetLocalNow() - record.StartedAt,
            Listen = record.Listen,
            Listening = isListening,
            InConsul = consul.IsRegistered,
            ConsulProblem = consul.Problem,
            Conclusion = ConsulStatusReader.Conclude(consul.IsRegistered, isListening ?? record.Pid is not null),
            Runner = record.Runner,
            Path = Path.GetDirectoryName(record.ConfigPath)!,
            ConfigPath = record.ConfigPath,
            LogPath = _context.OutputFileOf(record.Name),
            MemoryBytes = figures.Count == 0 ? null : figures.Sum(process => process.ResidentBytes),
            ProcessorTime = figures.Count == 0 ? null : figures.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.ProcessorTime),
            ProcessCount = figures.Count,
            Workers = await supervisor.ReadWorkersAsync(cancellation),
            LastExit = record.LastExit,
            Problem = record.Problem,
        };
    }
}
