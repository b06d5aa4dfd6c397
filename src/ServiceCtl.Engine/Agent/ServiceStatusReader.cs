using ServiceCtl.Contracts;
using ServiceCtl.Engine.Discovery;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Asks everybody who knows something about a service: its supervisor, its server, the kernel. One per question: what the kernel says is
/// read once for all services.
/// </summary>
internal sealed class ServiceStatusReader
{
    private readonly SupervisionContext _context;
    private readonly ProcessorLoad _load;
    private readonly Func<string, ServiceDefinition?> _definitionOf;
    private readonly Func<string, IReadOnlyList<PyServiceModuleAddress>> _modulesOf;
    private readonly ConsulStatusReader _consul = new();
    private readonly Lazy<ILookup<string, ProcessFigures>> _members;
    private readonly Lazy<ListenerTable> _listeners = new(ListenerTable.Read);

    /// <param name="context">What supervisors share.</param>
    /// <param name="load">Knows when who was asked about last.</param>
    /// <param name="definitionOf">The definition of a service as it was last read; null for one that never could be.</param>
    /// <param name="modulesOf">The modules that a service needs, or has heard of.</param>
    public ServiceStatusReader(
        SupervisionContext context, ProcessorLoad load, Func<string, ServiceDefinition?> definitionOf,
        Func<string, IReadOnlyList<PyServiceModuleAddress>> modulesOf)
    {
        _modulesOf = modulesOf;
        _context = context;
        _load = load;
        _definitionOf = definitionOf;
        _members = new Lazy<ILookup<string, ProcessFigures>>(() => context.Scopes.Members(ProcessTable.Read())
            .SelectMany(scope => scope.Value, (scope, figures) => (scope.Key.Spec.Service, figures))
            .ToLookup(pair => pair.Service, pair => pair.figures));
    }

    public async Task<PyServiceStatus> ReadAsync(Supervisor supervisor, CancellationToken cancellation)
    {
        var record = supervisor.Record;
        var serving = supervisor.Serving;
        ProcessFigures[] figures = record.Pid is null ? [] : [.. _members.Value[record.Name]];
        var used = figures.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.ProcessorTime);
        var main = figures.FirstOrDefault(process => process.Pid == record.Pid);
        var uptime = main is null or { IsHeldUp: true } ? null as TimeSpan? : ProcFs.Age(main.Identity);
        var change = await supervisor.FindConfigurationChangeAsync(cancellation);
        string[] unreachable = [.. record.Addresses.Where(address => !IsListening(address))];
        var lost = serving?.LostFile;
        if (lost is not null && !unreachable.Contains(lost))
            unreachable = [.. unreachable, lost];
        bool? isListening = record.Addresses.Count == 0 ? null : unreachable.Length == 0;
        var consul = await _consul.ReadAsync(_definitionOf(record.Name)?.Consul, cancellation);
        var modules = _modulesOf(record.Name);
        return new PyServiceStatus
        {
            Name = record.Name,
            State = record.State,
            Pid = record.Pid,
            Generation = record.Generation,
            Restarts = record.Restarts,
            StartedAt = record.StartedAt,
            Uptime = uptime,
            Listen = record.Listen,
            Addresses = record.Addresses,
            Unreachable = unreachable,
            Listening = isListening,
            InConsul = consul.IsRegistered,
            ConsulProblem = consul.Problem,
            Conclusion = ConsulStatusReader.Conclude(consul.IsRegistered, isListening ?? record.Pid is not null),
            Runner = record.Runner,
            Path = ServiceSources.FolderOf(record.ConfigPath),
            ConfigPath = record.ConfigPath,
            AtBoot = record.AtBoot,
            ConfigChange = change,
            LogPath = _context.OutputFileOf(record.Name),
            MemoryBytes = figures.Length == 0 ? null : figures.Sum(process => process.ResidentBytes),
            ProcessorTime = figures.Length == 0 ? null : used,
            ProcessorPercent = figures.Length == 0 || uptime is not { } up ? null : _load.Measure(record.Name, record.Generation, used, up),
            ProcessCount = figures.Length,
            Workers = await supervisor.ReadWorkersAsync(cancellation),
            Health = serving?.Health,
            Limits = serving?.Instances is [var first, ..] ? first.Scope.Limits : [],
            Sandbox = serving?.Instances is [var one, ..] ? one.Scope.Sandbox : [],
            LastExit = record.LastExit,
            Failure = record.Failure,
            Modules = modules,
            Release = (serving is null ? ReleasePlace.Of(ServiceSources.FolderOf(record.ConfigPath)) : serving.Definition.Release)?.Id,
            Awaits = supervisor.Launching?.Awaits,
            Canary = supervisor.Canary,
            Problem = record.Problem
                ?? (lost is null ? Missing(modules) ?? _context.HostRules.Current.Problem : Adoption.SocketFileIsGone(lost)),
        };
    }

    private static string? Missing(IReadOnlyList<PyServiceModuleAddress> modules) =>
        modules.Where(module => module.IsMissing).Select(module => module.Module).ToArray() is { Length: > 0 } missing
            ? $"It needs {string.Join(", ", missing)}, which is nowhere." : null;

    private bool IsListening(string text) => ListenAddress.TryParse(text, "/", out var address)
        && (address.UnixPath is { } path ? _listeners.Value.IsListening(path) : _listeners.Value.IsListening(address.EndPoint!));
}
