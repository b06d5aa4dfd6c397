using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Discovery;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Keeps Consul informed: a service is registered when it serves, taken out before it is stopped, and when it has crashed. A restart leaves its registration
/// alone, so that nobody sees it come and go. For one service everything happens one after the other; what goes wrong is a warning.
/// </summary>
internal sealed class ConsulAnnouncer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConsulPresence> _services = new();
    private readonly Func<string, ServiceDefinition?> _definitionOf;
    private readonly Func<string, string?> _listenOf;
    private readonly Action<ServiceEvent> _tell;
    private readonly TimeProvider _time;

    /// <param name="definitionOf">The definition of a service as it was last read.</param>
    /// <param name="listenOf">Where it listens.</param>
    /// <param name="tell">Hears the warnings.</param>
    /// <param name="time">Measures a check's time.</param>
    public ConsulAnnouncer(Func<string, ServiceDefinition?> definitionOf, Func<string, string?> listenOf, Action<ServiceEvent> tell, TimeProvider time)
    {
        _definitionOf = definitionOf;
        _listenOf = listenOf;
        _tell = tell;
        _time = time;
    }

    /// <summary>An order is about to be carried out. A stop waits until the service has been taken out of Consul, so that nobody is sent to what drains.</summary>
    /// <param name="service">The service.</param>
    /// <param name="action">The order.</param>
    /// <param name="isWanted">What it says about the registration (<c>-Consul</c>, <c>-c</c>); null for nothing.</param>
    public async Task PrepareAsync(string service, ServiceAction action, bool? isWanted)
    {
        if (action == ServiceAction.HotRestart)
            return;
        Of(service).Wanted = isWanted;
        if (action == ServiceAction.Stop && _definitionOf(service) is { } definition)
            await Begin(service, presence => presence.StopAsync(definition.Consul, RegistrationOf(definition)));
    }

    /// <summary>Something has happened to a service, whoever caused it.</summary>
    public void Notice(ServiceEvent happened)
    {
        if (_definitionOf(happened.Service) is not { } definition)
            return;

        switch (happened.Kind)
        {
            case ServiceEventKind.Started or ServiceEventKind.Restarted:
                _ = Begin(happened.Service, presence => presence.ServeAsync(definition.Consul, RegistrationOf(definition), _time));
                break;
            case ServiceEventKind.Adopted:
                _ = Begin(happened.Service, presence => presence.AdoptAsync(definition.Consul, RegistrationOf(definition), _time));
                break;
            case ServiceEventKind.Crashed:
                _ = Begin(happened.Service, presence => presence.CrashAsync(definition.Consul));
                break;
        }
    }

    /// <summary>Waits until everything that was noticed of a service has been told to Consul.</summary>
    /// <returns>The warnings since the last call.</returns>
    public async Task<IReadOnlyList<string>> SettleAsync(string service)
    {
        var presence = Of(service);
        await presence.Last;
        return presence.TakeWarnings();
    }

    public void Forget(string service) => _services.TryRemove(service, out _);

    public async ValueTask DisposeAsync()
    {
        foreach (var presence in _services.Values)
            await presence.DisposeAsync();
    }

    private ConsulPresence Of(string service) => _services.GetOrAdd(service, _ => new ConsulPresence());

    private ConsulRegistration RegistrationOf(ServiceDefinition definition) =>
        new(definition.Consul, ListenAddress.TryParse(_listenOf(definition.Name), "/", out var address) ? address : null);

    private Task Begin(string service, Func<ConsulPresence, Task<IReadOnlyList<string>>> work) => Of(service).Enqueue(async presence =>
    {
        foreach (var warning in await work(presence))
        {
            presence.Warn(warning);
            _tell(new ServiceEvent { Time = _time.GetLocalNow(), Service = service, Kind = ServiceEventKind.Warning, Message = warning });
        }
    });
}
