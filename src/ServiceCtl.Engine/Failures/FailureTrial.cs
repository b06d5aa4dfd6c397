using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Failures;

/// <summary>The rules of a service as a list, and what they would do.</summary>
public static class FailureTrial
{
    /// <summary>In the order in which they are asked; at the end, <c>service.restart</c>.</summary>
    public static IReadOnlyList<PyServiceFailureRule> List(ServiceDefinition definition) =>
    [
        .. definition.OnFailure.Select((rule, index) => new PyServiceFailureRule
        {
            Service = definition.Name,
            Number = index + 1,
            Name = rule.Name,
            Match = rule.Match.ToString(),
            Action = Word(rule.Action),
            Code = rule.Code,
            Retry = rule.Action is FailureAction.Restart ? Describe(rule.Retry ?? new FailureRetry(), definition.Restart) : null,
            Place = rule.Place,
        }),
        new PyServiceFailureRule
        {
            Service = definition.Name,
            Number = definition.OnFailure.Count + 1,
            Name = "service.restart",
            Match = definition.Restart.When is RestartWhen.Never ? "no failure" : "each failure that no rule is about",
            Action = definition.Restart.When is RestartWhen.Never ? "none" : "restart",
            Retry = definition.Restart.When is RestartWhen.Never ? null : Describe(new FailureRetry(), definition.Restart),
        },
    ];

    /// <summary>What would be done about a failure, were it the first one.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: the question contradicts itself.</exception>
    public static PyServiceFailureDecision Ask(ServiceDefinition definition, FailureQuestion question)
    {
        var facts = FactsOf(definition, question);
        var (decision, _) = FailurePolicy.Decide(definition.OnFailure, definition.Restart, FailureState.Empty, facts);
        var isGood = decision.IsLeftToRestart && !facts.HasFailed;
        var restarts = definition.Restart.When is RestartWhen.Always
            || (definition.Restart.When is RestartWhen.OnFailure && facts.Exit != 0);
        var wait = decision.IsLeftToRestart ? (restarts ? definition.Restart.Delay : null as TimeSpan?) : decision.Wait;
        var said = isGood ? "finish" : decision.IsLeftToRestart ? (restarts ? "restart" : "none") : Word(decision.Rule!.Action);
        return new PyServiceFailureDecision
        {
            Service = definition.Name,
            Cause = FailureWords.Describe(facts),
            Rule = decision.Rule?.LabelAt(decision.Index),
            Place = decision.Rule?.Place,
            Action = decision.Rule is { Action: FailureAction.Record or FailureAction.Ignore } rule ? $"{Word(rule.Action)}, {said}" : said,
            Wait = wait,
            Code = decision.Rule?.Code,
            Text = decision.Rule?.Text,
            Shadowed = [.. definition.OnFailure.Select((rule, index) => (Rule: rule, Index: index))
                .Where(one => one.Index > decision.Index && decision.Rule is not null && FailurePolicy.Matches(one.Rule.Match, facts))
                .Select(one => one.Rule.LabelAt(one.Index))],
        };
    }

    private static FailureFacts FactsOf(ServiceDefinition definition, FailureQuestion question)
    {
        var kinds = (question.ExitCode is null ? 0 : 1) + (question.Signal is null ? 0 : 1) + (question.Unhealthy ? 1 : 0);
        if (kinds != 1)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, definition.Name,
                kinds == 0 ? "Nothing says which failure is meant." : "An exit code, a signal and a failed probe exclude each other.",
                "Give one of them: an exit code, a signal, or that the service does not answer its probe.");
        if (question is { Unhealthy: true, WhileStarting: true })
            throw new ServiceCtlException(ErrorCode.InvalidArgument, definition.Name,
                "A service that is not ready yet is not asked for its health.", "Leave one of them out.");
        var signal = question.Signal is { } text
            ? FailureRuleType.NumberOf(text) ?? throw new ServiceCtlException(
                ErrorCode.InvalidArgument, definition.Name, $"`{text}` is no signal.", "Write its name, as KILL, or its number.")
            : null as int?;
        return new FailureFacts
        {
            Exit = question.ExitCode,
            Signal = signal,
            IsUnhealthy = question.Unhealthy,
            Phase = question.Unhealthy ? null : question.WhileStarting ? FailurePhase.Start : FailurePhase.Running,
            HasFailed = question.ExitCode != 0 || definition.Restart.When is RestartWhen.Always,
        };
    }

    private static string Word(FailureAction action) => action.ToString().ToLowerInvariant();

    private static string Describe(FailureRetry retry, RestartRule usual)
    {
        var jitter = retry.JitterPercent > 0 ? string.Create(CultureInfo.InvariantCulture, $" ±{retry.JitterPercent:0.#} %") : "";
        var (most, window) = retry.GiveUp is { } rate ? (rate.Count, rate.Window) : (usual.GiveUpAfter, usual.GiveUpWindow);
        return string.Create(CultureInfo.InvariantCulture,
            $"after {Seconds(retry.Delay ?? usual.Delay)}{jitter}, each time {retry.Factor ?? usual.Factor:0.##} times as long, at most "
                + $"{Seconds(retry.MaxDelay ?? usual.MaxDelay)}; given up after {most} in {Seconds(window)}")
            + (retry.Then is { } then ? $", then {then}" : "");

        static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
    }
}
