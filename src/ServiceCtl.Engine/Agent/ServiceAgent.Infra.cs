using System.Collections.Concurrent;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// What the agent answers to the infrastructure for a service: is it well, and in figures. Who listens is the host's business.
/// </summary>
public sealed partial class ServiceAgent
{
    /// <summary>Of a service's own figures, that they are its own.</summary>
    private const string OwnPrefix = "py_";

    private static readonly TimeSpan ScrapeLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ListenAddress> _infra = new(StringComparer.Ordinal);
    private readonly Channel<EndpointRequest> _endpointRequests = Channel.CreateUnbounded<EndpointRequest>();

    /// <summary>Where to listen for which service, as that changes.</summary>
    public ChannelReader<EndpointRequest> EndpointRequests => _endpointRequests.Reader;

    /// <summary>Room for one more client of a service's infrastructure; false when there is none.</summary>
    public bool TryTakeClientPlace() => _context.Clients.TryTake();

    public void FreeClientPlace() => _context.Clients.Free();

    /// <summary>It could not be listened there. It is wished again when the service's configuration is read again.</summary>
    public void ReportEndpointFailure(EndpointRequest request, string reason)
    {
        _infra.TryRemove(request.Service, out _);
        _events.Publish(new ServiceEvent
        {
            Time = _time.GetLocalNow(),
            Service = request.Service,
            Kind = ServiceEventKind.Warning,
            Message =
                $"{request.Listen} can't be listened on for /internal/health and /internal/metrics of {request.Service}: "
                    + $"{reason.TrimEnd('.')}. It is tried again at the next start.",
        });
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    public PyServiceHealth GetHealth(string service)
    {
        var supervisor = RequireOne(service);
        var isWell = supervisor.Record.State is ServiceState.Running && supervisor.Serving?.Health is null or { Good: true };
        return new PyServiceHealth
        {
            Status = isWell ? "pass" : "fail",
            Service = service,
            State = supervisor.Record.State,
            MissingModules = [.. _remote.AddressesOf(service).Where(module => module.IsMissing).Select(module => module.Module)],
        };
    }

    /// <summary>The agent's figures of a service, and its own, in Prometheus' text format.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    public async Task<string> ReadMetricsAsync(string service, CancellationToken cancellation)
    {
        var supervisor = RequireOne(service);
        // Without its definition Consul is not asked: a scrape must not wait for others.
        var status = await new ServiceStatusReader(_context, _load, _ => null, _remote.AddressesOf).ReadAsync(supervisor, cancellation);
        var text = new PrometheusText(service);
        text.Add("servicectl_service_up", "gauge", "Whether the service is running.", status.State is ServiceState.Running ? 1 : 0);
        text.Add("servicectl_service_state", "gauge", "1 for the state that the service is in.",
            Enum.GetValues<ServiceState>()
                .Select(state => (PrometheusText.Label("state", state.ToString()), (double?)(state == status.State ? 1 : 0))));
        text.Add("servicectl_service_generation", "counter", "Launches of the service so far.", status.Generation);
        text.Add("servicectl_service_restarts_total", "counter", "Starts that nobody ordered, since the agent began to look after it.",
            status.Restarts);
        text.Add("servicectl_service_uptime_seconds", "gauge", "How long the serving generation has been up.", status.Uptime?.TotalSeconds);
        text.Add("servicectl_service_processes", "gauge", "Processes of the service.", status.ProcessCount);
        text.Add("servicectl_service_memory_bytes", "gauge", "Resident memory of all of them.", status.MemoryBytes);
        text.Add("servicectl_service_processor_seconds", "gauge", "Processor time of those that live.", status.ProcessorTime?.TotalSeconds);
        text.Add("servicectl_service_module_hosts", "gauge", "Addresses known of a module that the service needs, or has heard of.",
            status.Modules.Select(module => (PrometheusText.Label("module", module.Module), (double?)module.Hosts.Count)));
        var own = supervisor.Serving is { } serving ? await ScrapeAsync(serving, cancellation) : null;
        text.Add("servicectl_scrape_up", "gauge", "Whether the service itself answered /internal/metrics.", own is null ? 0 : 1);
        if (own is not null)
            text.AddForeign(own, OwnPrefix);
        return text.ToString();
    }

    private void FollowInfra(ServiceDefinition definition)
    {
        if (definition.Infra is { } listen && _infra.GetValueOrDefault(definition.Name) != listen)
        {
            _infra[definition.Name] = listen;
            _endpointRequests.Writer.TryWrite(new EndpointRequest(definition.Name, listen));
        }
        else if (definition.Infra is null)
        {
            ForgetInfra(definition.Name);
        }
    }

    private void ForgetInfra(string service)
    {
        if (_infra.TryRemove(service, out _))
            _endpointRequests.Writer.TryWrite(new EndpointRequest(service, null));
    }

    /// <returns>Null when it does not answer, or not with figures.</returns>
    private static async Task<string?> ScrapeAsync(Generation serving, CancellationToken cancellation)
    {
        if (serving.Site is not { } site)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ScrapeLimit);
        using var http = ServiceConnection.OpenClient(site);
        http.MaxResponseContentBufferSize = PrometheusText.LongestForeign;
        try
        {
            return await http.GetStringAsync(new Uri("/internal/metrics", UriKind.Relative), limit.Token);
        }
        catch (Exception error) when (error is HttpRequestException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
