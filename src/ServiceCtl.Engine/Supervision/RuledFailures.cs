using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Asks the rules of a definition what is to be done about a failure, and remembers for them. Rules cost nothing until then.
/// </summary>
internal sealed class RuledFailures
{
    private readonly string _service;
    private readonly SupervisionContext _context;
    private readonly TimeProvider _time;
    private readonly PyServiceFailureLayer _layer;
    private readonly RestartPolicy _policy;
    private FailureState _state = FailureState.Empty;
    private HostRules _host = HostRules.None;

    /// <param name="service">Its name.</param>
    /// <param name="context">Knows the time, and the host's rules.</param>
    /// <param name="layer">Whose failures they are.</param>
    public RuledFailures(string service, SupervisionContext context, PyServiceFailureLayer layer)
    {
        _service = service;
        _context = context;
        _time = context.Time;
        _layer = layer;
        _policy = new RestartPolicy(_time);
    }

    /// <summary>Forgets what was; after an order the service begins again.</summary>
    public void Reset()
    {
        _policy.Reset();
        _state = FailureState.Empty;
    }

    /// <summary>A process has ended.</summary>
    public static FailureFacts FactsOf(ServiceDefinition definition, ExitReport? exit, FailurePhase phase, TimeSpan upFor)
    {
        var raised = exit is null ? null : PythonFailure.Find(exit.LastLines, definition.Folder);
        return new FailureFacts
        {
            Exit = exit?.Code,
            Signal = exit?.Signal,
            Phase = phase,
            UpFor = upFor,
            OutOfMemory = exit?.OutOfMemory,
            WentIntoBackground = exit?.WentIntoBackground == true,
            Lines = exit?.LastLines ?? [],
            Exception = raised?.Type,
            Modules = raised is null ? [] : PythonModule.Of(definition, raised.Type, raised),
            HasFailed = exit is null || !RestartPolicy.IsFinished(definition.Restart, exit),
        };
    }

    /// <inheritdoc cref="FailurePolicy.Decide"/>
    public FailureDecision Decide(ServiceDefinition definition, FailureFacts facts, Func<FailureRule, bool>? isAtRest = null)
    {
        var host = _context.HostRules.Current;
        var rules = host.Behind(definition.OnFailure);
        if (!ReferenceEquals(host, _host))
            _state = _state.Before(definition.OnFailure.Count);
        _host = host;
        if (rules.Count == 0)
            return FailureDecision.None;
        var now = _time.GetElapsedTime(0);
        (var decision, _state) = FailurePolicy.Decide(rules, definition.Restart, _state,
            facts with { At = now, Chance = Random.Shared.NextDouble() }, isAtRest is null ? null : index => isAtRest(rules[index]));
        return decision;
    }

    /// <summary>Has it done its work, so that nothing has failed?</summary>
    public static bool IsFinished(FailureFacts facts, FailureDecision decision) =>
        decision.Rule is { Action: FailureAction.Finish } || (decision.IsLeftToRestart && !facts.HasFailed);

    /// <summary>What to do about an end that has a remedy, behind a sentence.</summary>
    public static string Remedy(ExitReport report) => report.WentIntoBackground ? $" {FailureWords.BackgroundRemedy}" : "";

    /// <summary>Why its end is a good one.</summary>
    /// <param name="definition">The service's.</param>
    /// <param name="report">How it has ended.</param>
    /// <param name="decision">By which it is a good one.</param>
    /// <param name="name">The service's, or an instance's.</param>
    public static string DescribeFinish(ServiceDefinition definition, ExitReport report, FailureDecision decision, string name) =>
        $"{name} ended by itself ({report}, pid {report.Pid}), as expected: "
            + (decision.Rule is { Action: FailureAction.Finish } rule
                ? $"rule {rule.LabelAt(decision.Index)} ({rule.Place}) says finish." : $"{RestartPolicy.Describe(definition.Restart)}.")
            + Remedy(report);

    /// <summary>What is done once it is given up: what the rule that gave it up names, or the first that is about that.</summary>
    public FailurePlan GivenUp(ServiceDefinition definition, FailurePlan plan)
    {
        var facts = plan.Facts with { Moment = FailureMoment.GivenUp, HasFailed = true };
        return plan with { Facts = facts, Decision = FindThen(definition, plan.Decision) ?? Decide(definition, facts) };
    }

    /// <summary>Has a rule given up, and does the one that it names have the service end, though it serves?</summary>
    public bool EndsWhatServes(ServiceDefinition definition, FailureDecision decision) =>
        FindThen(definition, decision)?.Rule is { Action: FailureAction.Stop or FailureAction.Start };

    private FailureDecision? FindThen(ServiceDefinition definition, FailureDecision decision) =>
        decision is { GaveUpAfter: not null, Rule: { Retry.Then: { } then } rule }
            ? FailurePolicy.Named(_host.Behind(definition.OnFailure), then, rule.IsOfHost) : null;

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
                $"{label} gave up after {(failures == 1 ? "1 failure" : $"{failures} failures")}"),
            { Wait: { } wait } => new FailurePlan(facts, decision, wait, "restart", decision.Attempt, null),
            _ => new FailurePlan(facts, decision, null, rule.Verb, decision.Attempt, $"{label} leaves it alone"),
        };
    }

    /// <summary>A failure for the journal and the status.</summary>
    public PyServiceFailure Describe(FailurePlan plan, bool isAnswered)
    {
        var (facts, rule) = (plan.Facts, plan.Decision.Rule);
        var texts = new FailureTexts(_service, plan.Decision, facts, plan.Attempt);
        var noted = texts.Noted;
        var now = _time.GetLocalNow();
        return new PyServiceFailure
        {
            Time = now,
            Service = _service,
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
            Action = rule is { Action: FailureAction.Record or FailureAction.Ignore } ? $"{rule.Verb}, {plan.Action}" : plan.Action,
            Code = noted.Code,
            Text = noted.Text,
            Notify = rule?.Notify?.Level,
            Notices = texts.Notices,
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
        var texts = new FailureTexts(_service, plan.Decision, plan.Facts, plan.Attempt);
        return new RespondRule
        {
            Status = answer.Status ?? usual.Status,
            ContentType = answer.ContentType ?? usual.ContentType,
            RetryAfter = answer.RetryAfter ?? plan.Wait ?? usual.RetryAfter,
            Body = answer.Body is { } body ? texts.Fill(body, answer.Code ?? plan.Decision.Rule.Code) : usual.Body,
        };
    }
}
