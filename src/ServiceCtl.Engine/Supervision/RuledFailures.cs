using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Asks the rules of a definition what is to be done about a failure, and remembers for them. Rules cost nothing until then.
/// </summary>
internal sealed class RuledFailures
{
    private readonly SupervisedService _service;
    private readonly PyServiceFailureLayer _layer;
    private readonly RestartPolicy _policy;
    private FailureState _state = FailureState.Empty;

    public RuledFailures(SupervisedService service, PyServiceFailureLayer layer)
    {
        _service = service;
        _layer = layer;
        _policy = new RestartPolicy(service.Time);
    }

    /// <summary>Forgets what was; after an order the service begins again.</summary>
    public void Reset()
    {
        _policy.Reset();
        _state = FailureState.Empty;
    }

    /// <summary>A process has ended.</summary>
    public static FailureFacts FactsOf(ServiceDefinition definition, ExitReport? exit, FailurePhase phase, TimeSpan upFor) => new()
    {
        Exit = exit?.Code,
        Signal = exit?.Signal,
        Phase = phase,
        UpFor = upFor,
        HasFailed = exit is null || !RestartPolicy.IsFinished(definition.Restart, exit),
    };

    public FailureDecision Decide(ServiceDefinition definition, FailureFacts facts)
    {
        if (definition.OnFailure.Count == 0)
            return FailureDecision.None;
        var now = _service.Time.GetElapsedTime(0);
        (var decision, _state) = FailurePolicy.Decide(definition.OnFailure, definition.Restart, _state,
            facts with { At = now, Chance = Random.Shared.NextDouble() });
        return decision;
    }

    /// <summary>What follows a failure: a start, after a wait, or nothing.</summary>
    public FailurePlan PlanFor(ServiceDefinition definition, FailureFacts facts, FailureDecision decision)
    {
        if (decision.IsLeftToRestart)
        {
            var failed = facts.Exit != 0;
            var wait = _policy.Next(definition.Restart, failed, facts.UpFor);
            return wait is null
                ? new FailurePlan(facts, decision, null, _policy.HasTried ? "give up" : "none", _policy.InARow,
                    _policy.Explain(definition.Restart))
                : new FailurePlan(facts, decision, wait, "restart", _policy.InARow, null);
        }

        var rule = decision.Rule!;
        var label = $"rule {rule.LabelAt(decision.Index)} ({rule.Place})";
        return decision switch
        {
            { GaveUpAfter: { } failures } => new FailurePlan(facts, decision, null, "give up", decision.Attempt,
                $"by {label} {failures} failures are enough, so it is left alone"),
            { Wait: { } wait } => new FailurePlan(facts, decision, wait, "restart", decision.Attempt, null),
            _ => new FailurePlan(facts, decision, null, Word(rule.Action), 0, $"by {label} it is left alone"),
        };
    }

    /// <summary>A failure for the journal and the status.</summary>
    public PyServiceFailure Describe(FailurePlan plan, bool isAnswered)
    {
        var (facts, rule) = (plan.Facts, plan.Decision.Rule);
        var now = _service.Time.GetLocalNow();
        return new PyServiceFailure
        {
            Time = now,
            Service = _service.Name,
            Event = facts.Moment switch
            {
                FailureMoment.GivenUp => PyServiceFailureEvent.GivenUp,
                FailureMoment.Recovered => PyServiceFailureEvent.Recovered,
                _ => PyServiceFailureEvent.Failed,
            },
            Layer = _layer,
            Cause = FailureWords.Describe(facts),
            ExitCode = facts.Exit,
            Signal = facts.Signal is { } signal ? Processes.Signals.NameOf(signal) : null,
            Rule = rule?.LabelAt(plan.Decision.Index),
            Place = rule?.Place,
            Action = rule is { Action: FailureAction.Record or FailureAction.Ignore } ? $"{Word(rule.Action)}, {plan.Action}" : plan.Action,
            Code = rule?.Code,
            Text = rule?.Text is { } text ? Fill(text, plan) : null,
            Attempt = plan.Attempt,
            NextAt = plan.Wait is { } wait ? now + wait : null,
            Answered = isAnswered,
        };
    }

    /// <summary>What clients are answered while the service is away for this reason; null: as its definition says.</summary>
    public RespondRule? AnswerFor(ServiceDefinition definition, FailurePlan plan)
    {
        if (plan.Decision.Rule?.Respond is not { } answer)
            return null;
        var usual = definition.Respond ?? new RespondRule();
        return new RespondRule
        {
            Status = answer.Status ?? usual.Status,
            ContentType = answer.ContentType ?? usual.ContentType,
            RetryAfter = answer.RetryAfter ?? plan.Wait ?? usual.RetryAfter,
            Body = answer.Body is { } body ? Fill(body, plan) : usual.Body,
        };
    }

    private static string Word(FailureAction action) => action.ToString().ToLowerInvariant();

    private string Fill(string text, FailurePlan plan) => FailureText.Fill(text, new Dictionary<string, string?>
    {
        ["service"] = _service.Name,
        ["code"] = plan.Decision.Rule?.Code,
        ["rule"] = plan.Decision.Rule?.LabelAt(plan.Decision.Index),
        ["cause"] = FailureWords.Describe(plan.Facts),
        ["exit"] = plan.Facts.Exit?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["signal"] = plan.Facts.Signal is { } signal ? Processes.Signals.NameOf(signal) : null,
        ["attempt"] = plan.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture),
    });
}
