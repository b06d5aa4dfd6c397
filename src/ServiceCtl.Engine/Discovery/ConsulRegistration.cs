using System.Globalization;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Discovery;

/// <summary>
/// What Consul knows of one service. After each change it is read again, so that what is reported is what is there. Nothing of it is
/// thrown: Consul is never a reason not to start or stop a service.
/// </summary>
internal sealed class ConsulRegistration
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    private readonly ConsulRule _rule;
    private readonly ListenAddress? _listen;
    private readonly TlsRule? _tls;

    /// <param name="rule">The service's.</param>
    /// <param name="listen">Where it listens, for what the rule leaves open.</param>
    /// <param name="tls">How it is asked if it speaks TLS there; null if it doesn't.</param>
    public ConsulRegistration(ConsulRule rule, ListenAddress? listen, TlsRule? tls = null)
    {
        _rule = rule;
        _listen = listen;
        _tls = tls;
    }

    /// <summary>Where it is registered, and under which id.</summary>
    public (string Host, int Port, string Id) Identity => (_rule.Host, _rule.Port, _rule.Id);

    public string CheckId => $"service:{_rule.Id}";

    /// <summary>Registers the service.</summary>
    /// <param name="isOurs">Is it no surprise that it is registered already?</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Warnings.</returns>
    public async Task<IReadOnlyList<string>> RegisterAsync(bool isOurs, CancellationToken cancellation)
    {
        if (Describe() is not { } service)
            return [$"{_rule.Name} was not registered in Consul: it has no port. Set SERVER_PORT."];

        return await WithClientAsync($"{_rule.Id} was not registered in Consul", async consul =>
        {
            var known = (await consul.GetServicesAsync(cancellation)).GetValueOrDefault(_rule.Id);
            if (known is not null && !isOurs)
            {
                return service.IsLike(known)
                    ? [$"{_rule.Id} was registered in Consul already; it was left as it is."]
                    : [
                        $"{_rule.Id} was registered in Consul already, as {known.Service} on {known.Address}:{known.Port}, and was left "
                            + "so. Deregister it, or give another SERVICE_ID."];
            }

            // Replacing what is there is one step for Consul; taking it away first would be seen by everybody.
            if (known is null || !service.IsLike(known))
                await consul.RegisterAsync(service, cancellation);
            if (_rule.Ttl is not null)
                await consul.UpdateTtlAsync(CheckId, isWell: true, cancellation);
            return await IsRegisteredAsync(consul, cancellation) ? [] : [$"{_rule.Id} was registered in Consul, and is not there now."];
        });
    }

    /// <summary>Takes it out of Consul; it is no trouble when it is not there.</summary>
    /// <returns>Warnings.</returns>
    public Task<IReadOnlyList<string>> DeregisterAsync(CancellationToken cancellation) =>
        WithClientAsync($"{_rule.Id} was not deregistered in Consul", async consul =>
        {
            await consul.DeregisterAsync(_rule.Id, cancellation);
            return await IsRegisteredAsync(consul, cancellation) ? [$"{_rule.Id} was deregistered in Consul, and is still there."] : [];
        });

    /// <summary>Says to a check of the kind TTL how the service is.</summary>
    /// <returns>Warnings.</returns>
    public Task<IReadOnlyList<string>> UpdateTtlAsync(bool isWell, CancellationToken cancellation) =>
        WithClientAsync($"Consul was not told how {_rule.Id} is", async consul =>
            await consul.UpdateTtlAsync(CheckId, isWell, cancellation) ? [] : [$"Consul has no check {CheckId} any more."]);

    /// <summary>The ids of all services there; null when that could not be asked, and then the problem says why.</summary>
    public async Task<(IReadOnlySet<string>? Ids, string? Problem)> ListAsync(CancellationToken cancellation)
    {
        HashSet<string>? ids = null;
        var warnings = await WithClientAsync("It counts as not registered", async consul =>
        {
            ids = [.. (await consul.GetServicesAsync(cancellation)).Keys];
            return [];
        });
        return (ids, warnings is [var problem, ..] ? problem : null);
    }

    /// <summary>The service as it is to be registered; null for one without a port.</summary>
    internal ConsulService? Describe()
    {
        var port = _rule.ServicePort ?? _listen?.EndPoint?.Port;
        var address = _rule.ServiceAddress ?? _listen?.LocalEndPoint?.Address.ToString() ?? "127.0.0.1";
        if (port is null)
            return null;

        var host = address.Contains(':') ? $"[{address}]" : address;
        var check = _rule.Ttl is { } ttl
            ? new ConsulCheck { Ttl = Text(ttl) }
            : new ConsulCheck
            {
                Http = string.Create(CultureInfo.InvariantCulture, $"{(_tls is null ? "http" : "https")}://{host}:{port}/ping"),
                // Which authorities it trusts is said in Consul's own configuration.
                TlsServerName = _tls?.Host,
                TlsSkipVerify = _tls is { Verify: false } ? true : null,
                Interval = Text(CheckInterval),
                Timeout = Text(CheckTimeout),
                // It is ready: until Consul has asked for the first time it would count as critical.
                Status = "passing",
            };
        return new ConsulService
        {
            Name = _rule.Name,
            Id = _rule.Id,
            Address = address,
            Port = port.Value,
            Tags = _rule.Tags,
            Check = check with { DeregisterCriticalServiceAfter = _rule.DeregisterAfter is { } after ? Text(after) : null },
        };
    }

    private async Task<bool> IsRegisteredAsync(ConsulClient consul, CancellationToken cancellation) =>
        (await consul.GetServicesAsync(cancellation)).ContainsKey(_rule.Id);

    private async Task<IReadOnlyList<string>> WithClientAsync(string failure, Func<ConsulClient, Task<IReadOnlyList<string>>> work)
    {
        try
        {
            using var consul = ConsulClient.Open(_rule);
            return await work(consul);
        }
        catch (Exception error) when (error is ConsulException or IOException or UnauthorizedAccessException)
        {
            return [$"{failure}: {error.Message.TrimEnd('.')}."];
        }
    }

    /// <summary>As Go reads durations.</summary>
    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms");
}
