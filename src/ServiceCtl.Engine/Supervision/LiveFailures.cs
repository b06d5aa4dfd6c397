using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What rules decide about a service that goes on serving: notes, and orders by which it serves all the while.</summary>
internal sealed class LiveFailures
{
    /// <summary>How many notes of one service become events of their own: a storm of lines is no storm of events.</summary>
    private const int MostPerMinute = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly HashSet<FailureRule> _givenUp = [];
    private bool _isOrdered;
    private int _givenUpBy;
    private long? _windowBegan;
    private int _toldInWindow;

    public LiveFailures(SupervisedService service, ServingGeneration serving)
    {
        _service = service;
        _serving = serving;
    }

    /// <summary>Forgets which rules have given up.</summary>
    public void Reset() => _givenUp.Clear();

    /// <summary>
    /// Has a rule nothing to order: because an order of a rule is under way, or because it has given this generation up?
    /// </summary>
    public bool IsAtRest(Generation generation, FailureRule rule) => rule.IsOrder
        && (_isOrdered || (_givenUpBy == generation.Number && _givenUp.Contains(rule)));

    /// <summary>Writes it down, and nothing else.</summary>
    public void Record(Generation generation, RuledFailures failures, FailurePlan plan)
    {
        if (_windowBegan is not { } began || _service.Time.GetElapsedTime(began) >= Window)
            (_windowBegan, _toldInWindow) = (_service.Time.GetTimestamp(), 0);
        if (++_toldInWindow > MostPerMinute + 1)
            return;
        if (_toldInWindow > MostPerMinute)
        {
            _service.Report(ServiceEventKind.Warning, string.Create(CultureInfo.InvariantCulture,
                $"More than {MostPerMinute} notes about {_service.Name} within a minute; the rest of that minute is not recorded."));
            return;
        }

        var failure = _service.Note(failures.Describe(plan, isAnswered: false));
        var kind = plan.Facts.Exception is null ? ServiceEventKind.Incident : ServiceEventKind.Exception;
        _service.ReportFailure(generation.Definition, plan, failure, kind, $"{_service.Name}: {failure.Cause}.", isNote: true);
    }

    /// <summary>It was stopped: its rules may want a bad end noted.</summary>
    public void NoticeStop(ServiceDefinition definition, ExitReport exit, RuledFailures failures, TimeSpan upFor)
    {
        if (exit is not ({ Signal: Signals.Kill } or { Code: > 0 and < 128 }))
            return;
        var facts = RuledFailures.FactsOf(definition, exit, FailurePhase.Stop, upFor) with { HasFailed = true };
        if (failures.Decide(definition, facts) is not { Rule.Action: FailureAction.Record } decision)
            return;
        var plan = FailurePlan.Nothing(facts, decision);
        var failure = failures.Describe(plan, isAnswered: false);
        _service.ReportFailure(definition, plan, failure, ServiceEventKind.Incident, $"{_service.Name}: {failure.Cause}.", exit,
            isNote: true);
    }

    /// <summary>
    /// Has its code loaded again, or another one take over, after the rule's wait; one that was given up is left as it is.
    /// </summary>
    public void Order(Generation generation, RuledFailures failures, FailurePlan plan, string words)
    {
        var definition = generation.Definition;
        var rule = plan.Decision.Rule!;
        if (plan.Wait is not { } wait)
        {
            if (_givenUpBy != generation.Number)
                _givenUp.Clear();
            _givenUpBy = generation.Number;
            _givenUp.Add(rule);
            var after = failures.GivenUp(definition, plan);
            _service.Note(failures.Describe(plan, isAnswered: false));
            _service.ReportFailure(definition, after, failures.Describe(after, isAnswered: false), ServiceEventKind.GaveUp,
                $"{_service.Name} is unhealthy ({words}) and keeps running: {plan.WhyNot}.");
            WatchAgain(generation, plan.Facts);
            return;
        }

        // A server that can't load its code again is replaced, by which its clients are served as well.
        var reloads = rule.Action is FailureAction.HotRestart && generation.Main.Launch.Reload is not null;
        var done = plan with { Action = (reloads ? rule : rule with { Action = FailureAction.ReplaceInstance }).Verb };
        var failure = _service.Note(failures.Describe(done, isAnswered: false));
        _service.ReportFailure(definition, done, failure, ServiceEventKind.Unhealthy,
            $"{_service.Name} is {(reloads ? "hot-restarted" : "replaced")} because it is unhealthy: {words}.");
        var watching = _serving.Watching;
        _isOrdered = true;
        _ = _service.RunBesideAsync(async () =>
        {
            try
            {
                await Task.Delay(wait, _service.Time, watching);
                using var turn = await _service.AskForTurnAsync(watching);
                await _service.OrderByRule(reloads ? ServiceAction.HotRestart : ServiceAction.Restart, generation.Number);
            }
            finally
            {
                // In a turn: what was noticed meanwhile has had its own by then.
                _service.Post(() =>
                {
                    _isOrdered = false;
                    WatchAgain(generation, plan.Facts);
                    return Task.CompletedTask;
                });
            }
        });
    }

    /// <summary>One that was asked for its health has had its last question; a generation that follows is asked by itself.</summary>
    public void WatchAgain(Generation generation, FailureFacts facts)
    {
        if (facts.IsUnhealthy && _serving.Current == generation)
            _serving.WatchHealth(generation);
    }
}
