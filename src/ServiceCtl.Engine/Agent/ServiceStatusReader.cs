using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>Asks everybody who knows something about a service: its supervisor, its server, the kernel.</summary>
internal sealed class ServiceStatusReader
{
    private readonly SupervisionContext _context;

    // One look at /proc serves all services of a question.
    private readonly Lazy<ProcessTable> _processes = new(ProcessTable.Read);

    public ServiceStatusReader(SupervisionContext context)
    {
        _context = context;
    }

    public async Task<PyServiceStatus> ReadAsync(Supervisor supervisor, CancellationToken cancellation)
    {
        var record = supervisor.Record;
        IReadOnlyList<ProcessFigures> figures = record.Pid is { } pid && _processes.Value.Find(pid) is { } main
            ? [main, .. _processes.Value.DescendantsOf(pid)]
            : [];
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
            Listening = ListenAddress.TryParse(record.Listen, "/", out var address) ? AddressHolder.IsListening(address) : null,
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
