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
    private readonly RuledFailures _failures;
    private TaskCompletionSource<ForegroundEnd> _observed = NewSignal();
    private LogWatch? _watch;
    private long _since;

    public ForegroundFailures(SupervisionContext context, ServiceDefinition definition, Action<string> report)
    {
        _context = context;
        _definition = definition;
        _report = report;
        _failures = new RuledFailures(definition.Name, context.Time, PyServiceFailureLayer.Service);
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
            if (_definition.OnFailure.Any(rule => rule.Match.NeedsLog))
                _watch = new LogWatch(_context, generation);
        }
        catch (ServiceCtlException error)
        {
            ReportUnseen(error);
        }
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
        catch (ServiceCtlException error) when (EarlyEnd.Of(error) is { } exit)
        {
            var facts = RuledFailures.FactsOf(_definition, exit, FailurePhase.Start, TimeSpan.Zero) with { HasFailed = true };
            if (Decide(facts, error.Report) is not { } failed)
                return null;
            if (failed.Plan.Decision.IsLeftToRestart)
                throw;
            end = failed;
        }

        if (end.Plan.Wait is not { } wait)
            throw new ServiceCtlException(end.Problem);
        _report(string.Create(CultureInfo.InvariantCulture, $"{end.Problem.Message} It is started again in {wait.TotalSeconds:0.###} s."));
        await Task.Delay(wait, _context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        catch (ServiceCtlException error)
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

    private void ReportUnseen(ServiceCtlException error) =>
        _report($"What {_definition.Name} prints is not looked at: {error.Message}");

    private void Notice(FailureFacts facts)
    {
        facts = facts with { UpFor = UpFor };
        var words = FailureWords.Describe(facts);
        var end = Decide(facts, new ErrorReport
        {
            Code = ErrorCode.NotReady,
            Target = _definition.Name,
            Message = $"{_definition.Name} is not well: {words}.",
        });
        if (end is { Plan.Decision.IsLeftToRestart: false })
            _observed.TrySetResult(end);
    }

    /// <returns>Null where nothing has failed.</returns>
    private ForegroundEnd? Decide(FailureFacts facts, ErrorReport problem)
    {
        var decision = _failures.Decide(_definition, facts);
        if (RuledFailures.IsFinished(facts, decision) || (facts.IsUnhealthy && decision.Rule is { Action: FailureAction.Ignore }))
            return null;
        // service.restart is for an agent: without a rule, whoever runs this starts it again.
        var plan = decision.IsLeftToRestart
            ? new FailurePlan(facts, decision, null, "none", 0, null) : _failures.PlanFor(_definition, facts, decision);
        if (decision.Rule is { } rule)
        {
            var failure = _failures.Describe(plan, isAnswered: false);
            if (rule.Action is not FailureAction.Ignore)
                _report($"{failure.Cause}; {failure.Decision}{(failure.Text is { } text ? $"; {text}" : "")}.");
            if (rule.Run is { } hook)
                _context.RunHook(_definition, hook, failure);
            if (rule is { Action: FailureAction.Start, Target: { } other })
                _context.StartInstead(_definition.Name, other);
            problem = plan.WhyNot is { } why ? problem with { Message = $"{problem.Message.TrimEnd('.')}; {why}." } : problem;
        }

        return new ForegroundEnd(plan, problem);
    }

    private static TaskCompletionSource<ForegroundEnd> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
