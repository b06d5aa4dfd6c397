using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Failures;

/// <summary>The rules of a service as a list, and what they would do.</summary>
public static class FailureTrial
{
    /// <summary>In the order in which they are asked; at the end, <c>service.restart</c>.</summary>
    public static IReadOnlyList<PyServiceFailureRule> List(ServiceDefinition definition, HostRules host) =>
    [
        .. host.Behind(definition.OnFailure).Select((rule, index) => new PyServiceFailureRule
        {
            Service = definition.Name,
            Number = index + 1,
            Name = rule.Name,
            Match = rule.Match.ToString(),
            Action = rule.Verb + (rule.Run is { } hook ? $", run {hook.Command[0]}" : "") + (rule.PassesUp ? ", pass up" : ""),
            Code = rule.Code,
            Notify = rule.Notify is { } notify
                ? string.Join(", ", notify.Levels.Select(level => level.ToString().ToLowerInvariant())) : null,
            Record = rule.Record is { } record ? Describe(record) : null,
            Retry = rule.Action is FailureAction.Restart or FailureAction.HotRestart or FailureAction.ReplaceInstance
                ? Describe(rule.Retry ?? new FailureRetry(), definition.Restart) : null,
            Place = rule.Place,
            Layer = rule.IsOfHost ? PyServiceFailureLayer.Host : PyServiceFailureLayer.Service,
        }),
        .. definition.LayerRules.Select((rule, index) => new PyServiceFailureRule
        {
            Service = definition.Name,
            Number = definition.OnFailure.Count + host.Rules.Count + index + 1,
            Name = rule.Name,
            Match = rule.Inside!.ToString(),
            Action = $"{rule.Inside.Verb}, in the process",
            Code = rule.Code,
            Place = rule.Place,
            Layer = PyServiceFailureLayer.Service,
        }),
        new PyServiceFailureRule
        {
            Service = definition.Name,
            Number = definition.OnFailure.Count + host.Rules.Count + definition.LayerRules.Count + 1,
            Name = "service.restart",
            Match = definition.Restart.When is RestartWhen.Never ? "no failure" : "each failure that no rule is about",
            Action = definition.Restart.When is RestartWhen.Never ? "none" : "restart",
            Retry = definition.Restart.When is RestartWhen.Never ? null : Describe(new FailureRetry(), definition.Restart),
        },
    ];

    /// <summary>What would be done about a failure, were it the first one.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: the question contradicts itself.</exception>
    /// <param name="definition">The service's.</param>
    /// <param name="host">The host's rules.</param>
    /// <param name="question">The failure.</param>
    /// <param name="canReload">Does its server load its code again on request? One that doesn't is replaced instead.</param>
    public static PyServiceFailureDecision Ask(
        ServiceDefinition definition, HostRules host, FailureQuestion question, bool canReload = true)
    {
        var facts = FactsOf(definition, question);
        var rules = host.Behind(definition.OnFailure);
        var (decision, _) = FailurePolicy.Decide(rules, definition.Restart, FailureState.Empty, facts);
        var isGood = decision.IsLeftToRestart && !facts.HasFailed;
        var restarts = definition.Restart.When is RestartWhen.Always
            || (definition.Restart.When is RestartWhen.OnFailure && facts.Exit != 0);
        restarts &= !decision.LeavesAlone(facts);
        // The first failure is one too many where no other is allowed.
        var isGivenUp = decision.IsLeftToRestart ? restarts && definition.Restart.GiveUpAfter <= 1 : decision.GaveUpAfter is not null;
        var wait = isGivenUp ? null : decision.IsLeftToRestart ? (restarts ? definition.Restart.Delay : null as TimeSpan?) : decision.Wait;
        var said = isGood ? "finish" : isGivenUp ? "give up"
            : decision.IsLeftToRestart ? (restarts ? "restart" : "none") : VerbOf(decision.Rule!, facts, canReload);
        var attempt = decision.IsLeftToRestart ? (restarts ? 1 : 0) : decision.Attempt;
        var texts = new FailureTexts(definition.Name, decision, facts, attempt);
        var noted = texts.Noted;
        return new PyServiceFailureDecision
        {
            Service = definition.Name,
            Cause = FailureWords.Describe(facts),
            Rule = decision.Rule?.LabelAt(decision.Index),
            Place = decision.Rule?.Place,
            Action = decision.Rule is { Action: FailureAction.Record or FailureAction.Ignore } rule ? $"{rule.Verb}, {said}" : said,
            Wait = wait,
            Code = noted.Code,
            Text = noted.Text,
            Notices = texts.Notices,
            Shadowed = [.. rules.Select((rule, index) => (Rule: rule, Index: index))
                .Where(one => one.Index > decision.Index && decision.Rule is not null && FailurePolicy.Matches(one.Rule.Match, facts))
                .Select(one => one.Rule.LabelAt(one.Index))],
        };
    }

    /// <summary>What is done in fact: what has ended is started again, and what can't load its code again is replaced.</summary>
    private static string VerbOf(FailureRule rule, FailureFacts facts, bool canReload) => rule.Action switch
    {
        FailureAction.HotRestart or FailureAction.ReplaceInstance when facts.IsEnd => "restart",
        FailureAction.HotRestart when !canReload => "replace_instance",
        _ => rule.Verb,
    };

    private static string Describe(FailureRecord record) => string.Join(", ",
        [.. record.Level is { } level ? [level.ToString().ToLowerInvariant()] : Array.Empty<string>(),
            "to " + string.Join(" and ", record.Sinks.Select(sink => sink.ToString().ToLowerInvariant()))]);

    private static FailureFacts FactsOf(ServiceDefinition definition, FailureQuestion question)
    {
        var isAboutEnd = question.ExitCode is not null || question.Signal is not null || question.OutOfMemory;
        if (question is { ExitCode: not null, Signal: not null } || (question.Unhealthy && isAboutEnd))
            throw Wrong("An exit code, a signal and a failed probe exclude each other.", "Give one of them.");
        if (!isAboutEnd && question is { Unhealthy: false, ExceptionType: null, ExceptionModule: null, LogLine: null, Dependency: null })
            throw Wrong("No failure was given.",
                "Give an exit code, a signal, an exception, a line, a service that it requires, or that it does not answer its probe.");
        if (!isAboutEnd && question.WhileStarting)
            throw Wrong("Before a service is ready, only its end counts.", "Leave it out, or say how it ends.");
        if (question is { ExceptionType: null, ExceptionModule: not null })
            throw Wrong("A module alone is no exception.", "Give the type of the exception as well.");
        if (!isAboutEnd && question is { ExceptionType: not null, LogLine: not null })
            throw Wrong("Exceptions and lines of a service that runs are seen apart.", "Give one of them, or say how it ends.");
        var signal = question.Signal is { } text
            ? Signals.NumberOf(text) ?? throw Wrong($"`{text}` is not a signal.", "Write its name, as KILL, or its number.")
            : null as int?;
        return new FailureFacts
        {
            Exit = question.ExitCode,
            Signal = signal ?? (question is { OutOfMemory: true, ExitCode: null } ? Signals.Kill : null),
            IsUnhealthy = question.Unhealthy,
            OutOfMemory = question.OutOfMemory ? new MemoryKill() : null,
            Exception = question.ExceptionType,
            Modules = [.. new[] { question.ExceptionModule, ExceptionType.ModuleOf(question.ExceptionType) }.OfType<string>().Distinct()],
            Lines = question.LogLine is { } line ? [line] : [],
            Dependency = question.Dependency,
            Phase = !isAboutEnd ? null : question.WhileStarting ? FailurePhase.Start : FailurePhase.Running,
            HasFailed = question.ExitCode != 0 || definition.Restart.When is RestartWhen.Always,
        };

        ServiceCtlException Wrong(string message, string advice) =>
            new(ErrorCode.InvalidArgument, definition.Name, message, advice);
    }

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
