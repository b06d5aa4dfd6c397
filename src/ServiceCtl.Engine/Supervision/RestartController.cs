using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Brings a service back that has ended without an order, or is not well: after a wait, as often as its definition allows. It comes back
/// with the definition it ran with: what was edited meanwhile is taken by an order, and a half-written configuration costs no service.
/// </summary>
internal sealed class RestartController : IDisposable
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly ServiceAddress _address;
    private readonly Handover _handover;
    private readonly InstanceReplacement _replacement;
    private readonly RestartPolicy _policy;
    private ITimer? _timer;
    private bool _isPending;

    public RestartController(SupervisedService service, ServingGeneration serving, ServiceAddress address, Handover handover)
    {
        _service = service;
        _serving = serving;
        _address = address;
        _handover = handover;
        _replacement = new InstanceReplacement(service, serving);
        _policy = new RestartPolicy(service.Time);
    }

    /// <summary>Is a start awaited?</summary>
    public bool IsPending => _isPending;

    /// <summary>Forgets what was; after an order the service begins again.</summary>
    public void Reset()
    {
        _policy.Reset();
        _replacement.Reset();
    }

    /// <summary>An instance ended without an order. One of several is replaced; with the last one the generation has ended.</summary>
    public Task NoticeEndAsync(Generation generation, Instance instance) =>
        generation.HasEnded ? NoticeEndOfAllAsync(generation, instance) : _replacement.NoticeEndAsync(generation, instance);

    /// <summary>Starts the instances of which an earlier agent left nothing.</summary>
    public void Complete(Generation generation) => _replacement.Complete(generation);

    /// <summary>The generation ended without an order: sees that nothing of it is left, and decides what follows.</summary>
    public async Task<ExitReport> NoticeEndOfAllAsync(Generation generation, Instance last)
    {
        var upFor = _serving.UpFor;
        var report = await _serving.CleanUpAsync(generation, last);
        if (RestartPolicy.IsFinished(generation.Definition.Restart, report))
        {
            await FinishAsync(generation, report);
            return report;
        }

        _service.Report(ServiceEventKind.Crashed, $"{_service.Name} ended without an order ({report}, pid {report.Pid}).", report);
        Await(generation.Definition, failed: report.Code != 0, upFor, $"It ended without an order ({report})");
        _service.AnnounceBeside(ServingEvent.Crashed, generation);
        return report;
    }

    public async Task ReplaceUnhealthyAsync(Generation generation, string words)
    {
        _service.Report(ServiceEventKind.Unhealthy, $"{_service.Name} is restarted because it is not well: {words}.");
        _service.Change(record => record with { State = ServiceState.Restarting, Problem = words });
        var upFor = _serving.UpFor;
        _service.ReportWarnings(await _service.AnnounceAsync(ServingEvent.Leaving, generation));
        _service.ReportWarnings(
            await _serving.EndAsync(generation, new Order(ServiceAction.Restart, null, _ => { }, CancellationToken.None)));
        Await(generation.Definition, failed: true, upFor, $"It was not well ({words})");
    }

    /// <summary>The same with what served last, by an earlier agent or before an order that failed.</summary>
    public void Restore() => StartAgain(definition: null);

    /// <summary>Starts what is to run and doesn't, when its turn comes.</summary>
    /// <param name="definition">What ran before; null to read what is on disk.</param>
    public void StartAgain(ServiceDefinition? definition) => _service.PostStart(cancellation => StartAgainAsync(definition, cancellation));

    /// <summary>It is to run, by an order that begins now.</summary>
    public void Want()
    {
        Cancel();
        _service.Change(record => record with { IsWanted = true, HasFinished = false });
    }

    /// <summary>No start is awaited any more.</summary>
    public void Cancel()
    {
        _timer?.Dispose();
        _timer = null;
        _isPending = false;
    }

    public void Dispose() => Cancel();

    private async Task StartAgainAsync(ServiceDefinition? definition, CancellationToken cancellation)
    {
        if (_serving.Current is not null || !_service.Record.IsWanted)
            return;

        Cancel();
        var begin = _service.Time.GetTimestamp();
        var order = new Order(ServiceAction.Start, null, _ => { }, cancellation) { IsOrdered = false };
        try
        {
            // What was renamed can't be started where it was.
            if (definition is null || !Directory.Exists(definition.Folder))
            {
                definition = await _service.ReadServedAsync(cancellation);
                if (_handover.AwaitsConfiguration(definition))
                    return;
            }

            _handover.RequireFree(definition);
            var through = _service.Record.State is ServiceState.Restarting ? ServiceState.Restarting : ServiceState.Starting;
            _service.ReportWarnings(await _handover.LaunchAsync(definition, order, through));
            _service.Report(ServiceEventKind.Restarted, _service.Describe("started again"));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // An order has come in between. Should that be withdrawn too, the service is still wanted.
            _service.Change(record => record with { Pid = null, StartedAt = null });
            StartAgain(definition);
        }
        catch (Exception error)
        {
            _service.Report(ServiceEventKind.Warning, error.Message, error: (error as ServiceCtlException)?.Report);
            _service.Change(record => record with { Pid = null, StartedAt = null });
            if (definition is null)
                _service.Change(record => record with { State = ServiceState.Failed, Problem = error.Message });
            else
                Await(definition, failed: true, _service.Time.GetElapsedTime(begin), error.Message.TrimEnd('.'));
        }
    }

    /// <summary>It has done what it was started for.</summary>
    private async Task FinishAsync(Generation generation, ExitReport report)
    {
        var definition = generation.Definition;
        await _serving.Cleanup;
        _address.Close();
        _service.Change(record => record with { State = ServiceState.Stopped, HasFinished = true, Problem = null });
        _service.Report(ServiceEventKind.Stopped,
            $"{_service.Name} ended by itself ({report}, pid {report.Pid}), and that is all: {RestartPolicy.Describe(definition.Restart)}.",
            report);
        _service.ReportWarnings(PathCleaner.Clear(definition));
        _service.AnnounceBeside(ServingEvent.Crashed, generation);
    }

    /// <summary>Starts again after a wait, or leaves it.</summary>
    private void Await(ServiceDefinition definition, bool failed, TimeSpan upFor, string reason)
    {
        if (_policy.Next(definition.Restart, failed, upFor) is not { } wait)
        {
            _address.Close();
            var problem = $"{reason}; {_policy.Explain(definition.Restart)}.";
            _service.Change(record => record with { State = ServiceState.Failed, Problem = problem });
            _service.Report(ServiceEventKind.GaveUp, problem);
            return;
        }

        _address.OpenFallback(definition);
        _service.Change(record => record with
        {
            State = ServiceState.Restarting,
            Restarts = record.Restarts + 1,
            Problem = $"{reason}; it is started again in {wait.TotalSeconds:0.###} s.",
        });
        _isPending = true;
        // A timer that is due at once still wakes two threads, one after the other.
        if (wait == TimeSpan.Zero)
            StartAgain(definition);
        else
            _timer = _service.Time.CreateTimer(_ => StartAgain(definition), null, wait, Timeout.InfiniteTimeSpan);
    }
}
