using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Foreground;

/// <summary>
/// What the rules of a service in the foreground say to its failures. They can start it again here; where none does, whoever runs this
/// decides: it ends, and says why.
/// </summary>
internal sealed class ForegroundFailures : IDisposable
{
    private readonly SupervisionContext _context;
    private readonly ServiceDefinition _definition;
    private readonly Action<string> _report;
    private readonly Func<ServiceEvent, long> _publish;
    private readonly RuledFailures _failures;

    /// <summary>Its health and its log are watched by two, and each may notice something while the other does.</summary>
    private readonly Lock _gate = new();

    private TaskCompletionSource<ForegroundEnd> _observed = NewSignal();
    private LogWatch? _watch;
    private long _since;
    private int? _attempt;

    /// <param name="context">What it works with.</param>
    /// <param name="definition">The service's.</param>
    /// <param name="report">Takes sentences about what happens.</param>
    /// <param name="publish">Takes the same as events, for those who hear alerts.</param>
    public ForegroundFailures(
        SupervisionContext context, ServiceDefinition definition, Action<string> report, Func<ServiceEvent, long> publish)
    {
        _publish = publish;
        _context = context;
        _definition = definition;
        _report = report;
        _failures = new RuledFailures(definition.Name, context, PyServiceFailureLayer.Service);
    }

    /// <summary>Completes when it has printed something by which its rules end it.</summary>
    public Task<ForegroundEnd> Observed => _observed.Task;

    private TimeSpan UpFor => _context.Time.GetElapsedTime(_since);

    public void Dispose() => _watch?.Dispose();

    /// <summary>It serves, from now on; what it prints from now on counts, where its rules are about that.</summary>
    public void NoteReady(Generation generation)
    {
        _since = _context.Time.GetTimestamp();
        _observed = NewSignal();
        Dispose();
        _watch = null;
        try
        {
            if (_context.RulesOf(_definition).Any(rule => rule.Match.NeedsLog))
                _watch = new LogWatch(_context, generation);
        }
        catch (Exception error) when (error is ServiceCtlException or IOException or UnauthorizedAccessException)
        {
            ReportUnseen(error);
        }

        if (_attempt is not { } attempt)
            return;
        _attempt = null;
        var facts = new FailureFacts { Moment = FailureMoment.Recovered };
        Tell(FailurePlan.Nothing(facts, _failures.Decide(_definition, facts), attempt), ServiceEventKind.Restarted);
    }

    /// <summary>Runs it once, and waits before the next time.</summary>
    /// <param name="serve">Runs it until it ends; tells whether somebody wants it to be restarted.</param>
    /// <param name="stop">It is to end.</param>
    /// <returns>By whom it is restarted; null where it is over.</returns>
    /// <exception cref="ServiceCtlException">It has failed, and nothing follows here.</exception>
    public async Task<string?> FollowAsync(Func<Task<bool>> serve, CancellationToken stop)
    {
        ForegroundEnd end;
        try
        {
            return await serve() ? "by its schedule" : null;
        }
        catch (ForegroundEndException failed)
        {
            end = failed.End;
        }
        catch (ServiceCtlException error) when (EarlyEnd.Of(error) is not null || error.Code is ErrorCode.NotReady)
        {
            // One that was not ready in time has not ended by itself, and is not there any more either.
            var facts = RuledFailures.FactsOf(_definition, EarlyEnd.Of(error), FailurePhase.Start, TimeSpan.Zero) with { HasFailed = true };
            if (Decide(facts, error.Report) is not { } failed)
                return null;
            if (failed.Plan.Decision.IsLeftToRestart)
                throw;
            end = failed;
        }
        catch (ServiceCtlException error)
        {
            _publish(EventOf(ServiceEventKind.Crashed, error.Message, failure: null));
            throw;
        }

        if (end.Plan.Wait is not { } wait)
            throw new ServiceCtlException(end.Problem);
        _report(string.Create(CultureInfo.InvariantCulture, $"{end.Problem.Message} Restarting in {wait.TotalSeconds:0.###} s."));
        await Task.Delay(wait, _context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _attempt = end.Plan.Attempt;
        return stop.IsCancellationRequested ? null : $"by its rules (attempt {end.Plan.Attempt})";
    }

    /// <summary>Looks at what it prints.</summary>
    public async Task WatchLogAsync(CancellationToken end)
    {
        try
        {
            await (_watch?.RunAsync(Notice, end) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It ends.
        }
        catch (Exception error) when (error is ServiceCtlException or IOException or UnauthorizedAccessException)
        {
            ReportUnseen(error);
        }
    }

    /// <summary>It does not answer as it should.</summary>
    /// <returns>Null where that is all right.</returns>
    public ForegroundEnd? OfSick(Generation generation, string words) => Decide(
        new FailureFacts { IsUnhealthy = true, UpFor = UpFor },
        new ErrorReport
        {
            Code = ErrorCode.NotReady,
            Target = _definition.Name,
            Message = $"{_definition.Name} does not answer as it should: {words}.",
            LogLines = generation.Main.ReadLastLines(20),
        });

    /// <summary>It has ended by itself.</summary>
    /// <returns>Null where that is all right.</returns>
    public ForegroundEnd? OfEnd(ExitReport report)
    {
        var facts = RuledFailures.FactsOf(_definition, report, FailurePhase.Running, UpFor) with { HasFailed = report.Code != 0 };
        return Decide(facts, new ErrorReport
        {
            Code = ErrorCode.ExitedEarly,
            Target = _definition.Name,
            Message = $"{_definition.Name} has ended by itself ({report}).",
            Advice = report.WentIntoBackground ? FailureWords.BackgroundRemedy : null,
            LogLines = report.LastLines,
        });
    }

    private void ReportUnseen(Exception error) =>
        _report($"The rules can't watch the output of {_definition.Name}: {error.Message}");

    private void Notice(FailureFacts facts)
    {
        facts = facts with { UpFor = UpFor };
        var words = FailureWords.Describe(facts);
        var end = Decide(facts, new ErrorReport
        {
            Code = ErrorCode.NotReady,
            Target = _definition.Name,
            Message = $"{_definition.Name} is unhealthy: {words}.",
        });
        if (end is not null)
            _observed.TrySetResult(end);
    }

    /// <returns>Null where nothing has failed, and where it goes on.</returns>
    private ForegroundEnd? Decide(FailureFacts facts, ErrorReport problem)
    {
        lock (_gate)
        {
            var decision = _failures.Decide(_definition, facts);
            var goesOn = decision.LeavesAlone(facts);
            if (RuledFailures.IsFinished(facts, decision) || (goesOn && decision.Rule is not { Action: FailureAction.Record }))
                return null;
            // service.restart is for an agent: without a rule, whoever runs this starts it again.
            var plan = decision.IsLeftToRestart
                ? FailurePlan.Nothing(facts, decision) : _failures.PlanFor(_definition, facts, decision);
            problem = plan.WhyNot is { } why ? problem with { Message = $"{problem.Message.TrimEnd('.')}; {why}." } : problem;
            Tell(plan, KindOf(facts, goesOn), problem, goesOn);
            if (goesOn)
                return null;
            // Without a rule it is not given up: whoever runs this decides.
            if (plan.Wait is null && !decision.IsLeftToRestart)
                Tell(_failures.GivenUp(_definition, plan), ServiceEventKind.GaveUp, problem);
            return new ForegroundEnd(plan, problem);
        }
    }

    private static ServiceEventKind KindOf(FailureFacts facts, bool goesOn) => facts.IsEnd ? ServiceEventKind.Crashed
        : !goesOn ? ServiceEventKind.Unhealthy
        : facts.Exception is null ? ServiceEventKind.Incident : ServiceEventKind.Exception;

    /// <summary>What a rule says to it, with what it has done beside; without one, whoever runs this gets to read the problem.</summary>
    private void Tell(FailurePlan plan, ServiceEventKind kind, ErrorReport? problem = null, bool isNote = false)
    {
        var rule = plan.Decision.Rule;
        // READY has a line of its own.
        if (rule is null && kind is ServiceEventKind.Restarted)
            return;
        var failure = _failures.Describe(plan, isAnswered: false);
        var words = $"{failure.Cause}; {failure.Decision}{(failure.Text is { } text ? $"; {text}" : "")}.";
        if (rule is { Action: not FailureAction.Ignore })
            _report(words);
        _context.Report(_definition, rule, EventOf(kind, problem?.Message ?? words, failure), isNote, _publish);
        if (rule?.Run is { } hook)
            _context.RunHook(_definition, hook, failure);
        if (plan.StartsInstead is { } other)
            _context.StartInstead(_definition.Name, other);
    }

    private ServiceEvent EventOf(ServiceEventKind kind, string message, PyServiceFailure? failure) => new()
    {
        Time = failure?.Time ?? _context.Time.GetLocalNow(),
        Service = _definition.Name,
        Kind = kind,
        Message = _definition.Mask.MaskText(message),
        Failure = failure,
    };

    private static TaskCompletionSource<ForegroundEnd> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
