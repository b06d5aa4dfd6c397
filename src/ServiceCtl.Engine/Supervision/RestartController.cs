using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

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
    private readonly RuledFailures _failures;
    private readonly FailureOutcomes _outcomes;
    private readonly LiveFailures _live;
    private readonly AwaitedStart _awaited;
    private readonly SickRestart _sick;

    public RestartController(SupervisedService service, ServingGeneration serving, ServiceAddress address, Handover handover)
    {
        _service = service;
        _serving = serving;
        _address = address;
        _handover = handover;
        _replacement = new InstanceReplacement(service, serving);
        _failures = new RuledFailures(service.Name, service.Context, PyServiceFailureLayer.Service);
        _outcomes = new FailureOutcomes(service, address, _failures);
        _live = new LiveFailures(service, serving);
        _awaited = new AwaitedStart(service, StartAgain);
        _sick = new SickRestart(service, serving)
        {
            Start = StartSickAsync,
            Recover = (generation, _) => _outcomes.ReportRecovery(
                generation.Definition, ServiceEventKind.Warning, $"{service.Name} is well again, so it is not restarted."),
        };
    }

    /// <summary>Is a start awaited?</summary>
    public bool IsPending => _awaited.IsPending;

    /// <summary>Forgets what was; after an order the service begins again.</summary>
    public void Reset()
    {
        _failures.Reset();
        _live.Reset();
        _sick.Cancel();
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
        var definition = generation.Definition;
        var facts = RuledFailures.FactsOf(definition, report, FailurePhase.Running, upFor);
        var decision = _failures.Decide(definition, facts);
        if (RuledFailures.IsFinished(facts, decision))
        {
            await FinishAsync(generation, report, decision);
            return report;
        }

        var plan = _failures.PlanFor(definition, facts, decision);
        var failure = _service.Note(_failures.Describe(plan, _outcomes.Answer(definition, plan)));
        _service.ReportFailure(definition, plan, failure, ServiceEventKind.Crashed,
            $"{_service.Name} ended without an order ({report}, pid {report.Pid}).{RuledFailures.Remedy(report)}", report);
        Await(definition, plan, failure, $"It ended without an order ({report})");
        _service.AnnounceBeside(ServingEvent.Crashed, generation);
        return report;
    }

    /// <summary>It did not answer its probes.</summary>
    public Task ReplaceUnhealthyAsync(Generation generation, string words) =>
        NoticeAsync(generation, new FailureFacts { IsUnhealthy = true }, words);

    /// <summary>Something is known of it while it lives by which it may be not well; its rules say whether that is so.</summary>
    public Task NoticeAsync(Generation generation, FailureFacts facts) => NoticeAsync(generation, facts, FailureWords.Describe(facts));

    /// <summary>It was stopped. Nothing follows, but that its rules may want a bad end noted.</summary>
    public void NoticeStop(ServiceDefinition definition, ExitReport exit) =>
        _live.NoticeStop(definition, exit, _failures, _serving.UpFor);

    private async Task NoticeAsync(Generation generation, FailureFacts facts, string words)
    {
        if (_sick.IsPending && facts.IsUnhealthy)
        {
            _live.WatchAgain(generation, facts);
            return;
        }

        var definition = generation.Definition;
        facts = facts with { UpFor = _serving.UpFor };
        var decision = _failures.Decide(definition, facts, rule =>
            _live.IsAtRest(generation, rule) || (_sick.IsPending && rule.Action is FailureAction.Restart));
        if (decision.IsAtRest || decision.LeavesAlone(facts))
        {
            _live.WatchAgain(generation, facts);
            if (decision.Rule is { Action: FailureAction.Record })
                _live.Record(generation, _failures, FailurePlan.Nothing(facts, decision));
            return;
        }

        var plan = _failures.PlanFor(definition, facts, decision);
        if (decision.Rule is { IsOrder: true } && !_failures.EndsWhatServes(definition, decision))
        {
            _live.Order(generation, _failures, plan, words);
            return;
        }

        var before = _service.Note(_failures.Describe(plan, isAnswered: false));
        _service.ReportFailure(definition, plan, before, ServiceEventKind.Unhealthy,
            $"{_service.Name} is {(plan.Wait is null ? "ended" : "restarted")} because it is unhealthy: {words}.");
        if (plan.Wait is { } wait)
        {
            _service.Change(record => record with { Problem = $"It is unhealthy ({words}); restarting in {wait.TotalSeconds:0.###} s." });
            _sick.Begin(generation, plan, words);
            return;
        }

        await _sick.EndAsync(generation, words);
        Await(definition, plan, _service.Note(_failures.Describe(plan, _outcomes.Answer(definition, plan))), $"It was unhealthy ({words})");
    }

    /// <summary>What was ordered ended before it was ready. The order has failed; what follows, the rules say.</summary>
    /// <returns>The answer to the order where nothing has failed; null where it has.</returns>
    public Outcome? NoticeFailedStart(ServiceDefinition definition, ExitReport exit, string message)
    {
        var facts = RuledFailures.FactsOf(definition, exit, FailurePhase.Start, TimeSpan.Zero);
        var decision = _failures.Decide(definition, facts);
        if (decision.Rule is { Action: FailureAction.Finish })
        {
            _service.Change(record => record with { State = ServiceState.Stopped, HasFinished = true, Problem = null });
            return _service.Done(ServiceEventKind.Stopped, RuledFailures.DescribeFinish(definition, exit, decision, _service.Name), []);
        }

        // An order that fails is not repeated, unless a rule says so.
        var plan = decision.IsLeftToRestart
            ? FailurePlan.Nothing(facts, decision) : _failures.PlanFor(definition, facts, decision);
        var isAnswered = _failures.AnswerFor(definition, plan) is { } answer && _address.TryAnswerFor(definition, answer);
        var failure = _service.Note(_failures.Describe(plan, isAnswered));
        if (plan.Wait is not null)
            _service.Change(record => record with { IsWanted = true });
        if (decision.Rule is not null)
            _service.ReportFailure(definition, plan, failure, ServiceEventKind.Crashed, message, exit);
        if (!decision.IsLeftToRestart)
            Await(definition, plan, failure, message.TrimEnd('.'));
        return null;
    }

    /// <summary>The same with what served last, by an earlier agent or before an order that failed.</summary>
    public void Restore() => StartAgain(definition: null);

    /// <summary>Starts what is to run and doesn't, when its turn comes.</summary>
    /// <param name="definition">What ran before; null to read what is on disk.</param>
    /// <param name="turn">Among those that are started again at the same time; null: it waits for nobody.</param>
    public void StartAgain(ServiceDefinition? definition, StartTurns.Turn? turn = null) =>
        _service.PostStart(cancellation => StartAgainAsync(definition, cancellation), turn);

    /// <summary>It is to run, by an order that begins now.</summary>
    public void Want()
    {
        Cancel();
        _service.Change(record => record with { IsWanted = true, HasFinished = false });
    }

    /// <summary>No start is awaited any more.</summary>
    public void Cancel() => _awaited.Cancel();

    public void Dispose() => _awaited.Dispose();

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
            _outcomes.ReportRecovery(definition, ServiceEventKind.Restarted, _service.Describe("started again"));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // An order has come in between. Should that be withdrawn too, the service is still wanted.
            _service.Change(record => record with { Pid = null, StartedAt = null });
            StartAgain(definition);
        }
        catch (Exception error)
        {
            _service.Change(record => record with { Pid = null, StartedAt = null });
            NoticeFailedRestart(definition, error, _service.Time.GetElapsedTime(begin));
        }
    }

    /// <summary>It was not well, and was ended in its turn: so it is started at once.</summary>
    private Task StartSickAsync(Generation generation, FailurePlan plan, CancellationToken cancellation)
    {
        _service.Note(_failures.Describe(plan, _outcomes.Answer(generation.Definition, plan)) with { NextAt = null });
        _service.Change(record => record with { Restarts = record.Restarts + 1 });
        return StartAgainAsync(generation.Definition, cancellation);
    }

    private void NoticeFailedRestart(ServiceDefinition? definition, Exception error, TimeSpan took)
    {
        var report = (error as ServiceCtlException)?.Report;
        if (definition is null)
        {
            _service.Report(ServiceEventKind.Warning, error.Message, error: report);
            _service.Change(record => record with { State = ServiceState.Failed, Problem = error.Message });
            return;
        }

        var exit = EarlyEnd.Of(error);
        var facts = RuledFailures.FactsOf(definition, exit, FailurePhase.Start, took) with { HasFailed = true };
        var decision = _failures.Decide(definition, facts);
        if (exit is not null && decision.Rule is { Action: FailureAction.Finish })
        {
            _address.Close();
            _service.Change(record => record with { State = ServiceState.Stopped, HasFinished = true, Problem = null });
            _service.Report(ServiceEventKind.Stopped, RuledFailures.DescribeFinish(definition, exit, decision, _service.Name));
            return;
        }

        var plan = _failures.PlanFor(definition, facts, decision);
        var failure = _service.Note(_failures.Describe(plan, _outcomes.Answer(definition, plan)));
        _service.ReportFailure(definition, plan, failure, ServiceEventKind.Warning, error.Message, error: report);
        Await(definition, plan, failure, error.Message.TrimEnd('.'));
    }

    /// <summary>It has done what it was started for.</summary>
    private async Task FinishAsync(Generation generation, ExitReport report, FailureDecision decision)
    {
        var definition = generation.Definition;
        await _serving.Cleanup;
        _address.Close();
        _service.Change(record => record with { State = ServiceState.Stopped, HasFinished = true, Problem = null });
        _service.Report(ServiceEventKind.Stopped, RuledFailures.DescribeFinish(definition, report, decision, _service.Name), report);
        _service.ReportWarnings(PathCleaner.Clear(definition));
        _service.AnnounceBeside(ServingEvent.Crashed, generation);
    }

    /// <summary>Starts again after a wait, or leaves it.</summary>
    private void Await(ServiceDefinition definition, FailurePlan plan, PyServiceFailure failure, string reason)
    {
        var said = failure.Text is { } text ? $"{(failure.Code is { } code ? $"{code}: " : "")}{text} {reason}" : reason;
        if (plan.Wait is not { } wait)
        {
            var problem = $"{said}; {plan.WhyNot}.";
            _service.Change(record => record with { State = ServiceState.Failed, Problem = problem });
            var after = _outcomes.ReportGivenUp(definition, plan, failure, problem);
            if ((plan.StartsInstead ?? after.StartsInstead) is { } other)
                _service.Context.StartInstead(_service.Name, other);
            return;
        }

        _service.Change(record => record with
        {
            State = ServiceState.Restarting,
            Restarts = record.Restarts + 1,
            Problem = $"{said}; restarting in {wait.TotalSeconds:0.###} s.",
        });
        _awaited.Begin(definition, wait);
    }
}
