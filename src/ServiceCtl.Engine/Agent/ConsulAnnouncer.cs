using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Discovery;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// Keeps Consul informed: a service is registered when it serves, and taken out before it drains and when it has crashed. A restart that
/// overlaps leaves its registration alone, so that nobody sees it come and go. For one service everything happens one after the other; what
/// goes wrong is a warning.
/// </summary>
internal sealed class ConsulAnnouncer : IServingObserver, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConsulPresence> _services = new();
    private readonly TimeProvider _time;

    /// <param name="time">Measures a check's time.</param>
    public ConsulAnnouncer(TimeProvider time)
    {
        _time = time;
    }

    /// <summary>
    /// An order is about to be carried out. A stop takes out what is registered even where the agent has nothing running: it may be left
    /// from before.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="definition">As it was last read; null when it could not be.</param>
    /// <param name="request">The order; <c>-Consul</c> (<c>-c</c>) in it counts until the next one.</param>
    /// <returns>Warnings.</returns>
    public async Task<IReadOnlyList<string>> PrepareAsync(string service, ServiceDefinition? definition, OperationRequest request)
    {
        if (request.Action == ServiceAction.HotRestart)
            return [];
        return await Of(service).InTurnAsync(async presence =>
        {
            presence.Wanted = request.Consul;
            return request.Action == ServiceAction.Stop && definition is not null
                ? await presence.StopAsync(definition.Consul, RegistrationOf(definition, served: null))
                : [];
        });
    }

    public Task<IReadOnlyList<string>> ObserveAsync(
        ServingNotice notice, CancellationToken cancellation) => Of(notice.Definition.Name).InTurnAsync(presence =>
    {
        var rule = notice.Definition.Consul;
        var registration = RegistrationOf(notice.Definition, notice.Served);
        return notice.Event switch
        {
            ServingEvent.Ready => presence.ServeAsync(rule, registration, _time, cancellation),
            ServingEvent.Adopted => presence.AdoptAsync(rule, registration, _time, cancellation),
            _ => presence.WithdrawAsync(rule, cancellation),
        };
    });

    public void Forget(string service) => _services.TryRemove(service, out _);

    public async ValueTask DisposeAsync()
    {
        foreach (var presence in _services.Values)
            await presence.DisposeAsync();
    }

    private static ConsulRegistration RegistrationOf(ServiceDefinition definition, ServedAddress? served) =>
        new(definition.Consul, served?.Address, served?.Speaks == WireProtocol.Https ? TlsRule.Of(definition) : null);

    private ConsulPresence Of(string service) => _services.GetOrAdd(service, _ => new ConsulPresence());
}
