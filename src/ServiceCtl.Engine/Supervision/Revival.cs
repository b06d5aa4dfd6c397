using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Brings a service back that has ended without an order, or is not well: after a wait, as often as its definition allows.</summary>
internal sealed class Revival : IDisposable
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly ServiceAddress _address;
    private readonly Succession _succession;
    private readonly RestartPolicy _policy;
    private ServiceDefinition? _proven;
    private ITimer? _timer;

    public Revival(SupervisedService service, ServingGeneration serving, ServiceAddress address, Succession succession)
    {
        _service = service;
        _serving = serving;
        _address = address;
        _succession = succession;
        _policy = new RestartPolicy(service.Time);
    }

    /// <summary>Is a start awaited?</summary>
    public bool IsPending => _timer is not null;

    /// <summary>Forgets what was; after an order the service begins anew.</summary>
    public void Reset() => _policy.Reset();

    /// <summary>The process ended without an order: sees that nothing of it is left, and decides what follows.</summary>
    public async Task<ExitReport> NoticeEndAsync(Generation generation)
    {
        var upFor = _serving.UpFor;
        _proven = generation.Definition;
        var report = await _serving.BuryAsync(generation);
        _service.Tell(ServiceEventKind.Crashed, $"{_service.Name} ended without an order ({report}, pid {report.Pid}).", report);
        var delay = _policy.Next(generation.Definition.Restart, report, upFor);
        Await(generation.Definition, delay, $"It ended without an order ({report})");
        return report;
    }

    public async Task ReplaceUnhealthyAsync(Generation generation, string words)
    {
        _service.Tell(ServiceEventKind.Unhealthy, $"{_service.Name} is restarted because it is not well: {words}.");
        _service.Change(record => record with { State = ServiceState.Restarting, Problem = words });
        var order = new Order(ServiceAction.Restart, null, _ => { }, CancellationToken.None);
        _proven = generation.Definition;
        await _serving.EndAsync(generation, order);
        await StartAgainAsync();
    }

    public async Task StartAgainAsync()
    {
        if (_serving.Current is not null || !_service.Record.IsWanted)
            return;

        Cancel();
        var order = new Order(ServiceAction.Start, null, _ => { }, CancellationToken.None);
        ServiceDefinition? definition = null;
        try
        {
            definition = await _succession.PrepareAsync(order.Cancellation, _proven);
            await _succession.LaunchAsync(definition, order, _service.Record.State is ServiceState.Restarting ? ServiceState.Restarting : ServiceState.Starting);
            _service.Tell(ServiceEventKind.Restarted, _service.Describe("started again"));
        }
        catch (Exception error)
        {
            _service.Tell(ServiceEventKind.Warning, error.Message, error: (error as ServiceCtlException)?.Report);
            var report = new ExitReport { Pid = 0, At = _service.Time.GetLocalNow() };
            _service.Change(record => record with { Pid = null, StartedAt = null });
            if (definition is not null)
                Await(definition, _policy.Next(definition.Restart, report, TimeSpan.Zero), error.Message.TrimEnd('.'));
        }
    }

    /// <summary>No start is awaited any more.</summary>
    public void Cancel()
    {
        _timer?.Dispose();
        _timer = null;
    }

    public void Dispose() => Cancel();

    /// <summary>Starts again after a wait, or leaves it.</summary>
    private void Await(ServiceDefinition definition, TimeSpan? delay, string reason)
    {
        if (delay is not { } wait)
        {
            _address.Close();
            var problem = $"{reason} and was not started again: {_policy.Explain(definition.Restart)}.";
            _service.Change(record => record with { State = ServiceState.Failed, Problem = problem });
            _service.Tell(ServiceEventKind.GaveUp, problem);
            return;
        }

        _address.OpenStandIn(definition);
        _service.Change(record => record with
        {
            State = ServiceState.Restarting,
            Restarts = record.Restarts + 1,
            Problem = $"{reason}; it is started again in {wait.TotalSeconds:0.###} s.",
        });
        _timer = _service.Time.CreateTimer(_ => _service.Post(StartAgainAsync), null, wait, Timeout.InfiniteTimeSpan);
    }
}
