using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Watching;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// What is pushed to services: their configurations, and the addresses of the modules they need. Each service is looked after by itself.
/// </summary>
internal sealed class RemoteServices : IServingObserver, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RemoteService> _services = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServingNotice> _lastNotices = new(StringComparer.Ordinal);

    /// <summary>Those to which nothing was pushed before this agent: what it writes itself, it knows.</summary>
    private readonly ConcurrentDictionary<string, bool> _without = new(StringComparer.Ordinal);
    private readonly Func<string, string> _recordOf;
    private readonly Func<string, Supervisor?> _find;
    private readonly TimeProvider _time;
    private readonly Action<ServiceEvent> _report;
    private readonly Lazy<PathWatch?> _watch;

    /// <param name="recordOf">The file that keeps what was pushed to a service.</param>
    /// <param name="find">The supervisor of a service; null when it is not known any longer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Takes the events.</param>
    public RemoteServices(Func<string, string> recordOf, Func<string, Supervisor?> find, TimeProvider time, Action<ServiceEvent> report)
    {
        _recordOf = recordOf;
        _find = find;
        _time = time;
        _report = report;
        _watch = new Lazy<PathWatch?>(TryWatch);
    }

    /// <summary>A service's definition was read. Costs nothing where nothing is pushed to it.</summary>
    public async Task FollowAsync(ServiceDefinition definition)
    {
        if (_find(definition.Name) is { } supervisor
            && (definition.Remote is not null || definition.Modules.Count > 0 || _services.ContainsKey(definition.Name)
                || HasRecord(definition.Name)))
            await Of(definition.Name, supervisor).FollowAsync(definition, _watch);
    }

    private bool HasRecord(string service) => !_without.GetOrAdd(service, name => !File.Exists(_recordOf(name)));

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: it takes none; what
    /// <see cref="ConfigPushHandler.PushAsync"/> throws.</exception>
    public Task<PyServiceConfigPush> PushAsync(ConfigPushRequest request, CancellationToken cancellation) =>
        (_services.GetValueOrDefault(request.Service)?.PushHandler ?? throw new ServiceCtlException(
            ErrorCode.InvalidState, request.Service, $"{request.Service} takes no pushed configuration.",
            "Set service.remote.file in its configuration: the file that is written, and that it reads.")).PushAsync(request, cancellation);

    /// <summary>Tells a service where a module is.</summary>
    public PyServiceModuleAddress SetAddresses(Supervisor supervisor, string module, IReadOnlyList<string> hosts)
    {
        var service = Of(supervisor.Record.Name, supervisor);
        service.SetAddresses(module, hosts);
        return service.Addresses.First(known => known.Module == module);
    }

    /// <summary>The modules of a service, by name.</summary>
    public IReadOnlyList<PyServiceModuleAddress> AddressesOf(string service) => _services.GetValueOrDefault(service)?.Addresses ?? [];

    public async Task ForgetAsync(string service)
    {
        _lastNotices.TryRemove(service, out _);
        _without.TryRemove(service, out _);
        if (_services.TryRemove(service, out var forgotten))
        {
            await forgotten.DisposeAsync();
            File.Delete(_recordOf(service));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ObserveAsync(ServingNotice notice, CancellationToken cancellation)
    {
        // Kept first: who is made meanwhile hears of it twice rather than not at all.
        _lastNotices[notice.Definition.Name] = notice;
        _services.GetValueOrDefault(notice.Definition.Name)?.Notice(notice);
        return Task.FromResult<IReadOnlyList<string>>([]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
            await service.DisposeAsync();
        if (_watch is { IsValueCreated: true, Value: { } watch })
            watch.Dispose();
    }

    private RemoteService Of(string name, Supervisor supervisor)
    {
        if (_services.TryGetValue(name, out var known))
            return known;
        var service = _services.GetOrAdd(name, _ => new RemoteService(supervisor, _recordOf(name), _time, _report));
        // Another one may come meanwhile: the last word has to come last.
        ServingNotice? told = null;
        while (_lastNotices.TryGetValue(name, out var notice) && !ReferenceEquals(notice, told))
            service.Notice(told = notice);
        return service;
    }

    private PathWatch? TryWatch()
    {
        try
        {
            return new PathWatch();
        }
        catch (ServiceCtlException error)
        {
            _report(new ServiceEvent
            {
                Time = _time.GetLocalNow(),
                Service = "",
                Kind = ServiceEventKind.Warning,
                Message = $"Changes of files that are to be pushed are not noticed. {error.Message}"
            });
            return null;
        }
    }
}
