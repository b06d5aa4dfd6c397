using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A rule as a configuration writes it.</summary>
internal sealed class FailureRuleType : ConfigType<FailureRule>
{
    internal const string AnsweredNobody = "`respond` is for a service that has failed, and by this rule it keeps running.";

    private const string NoProgram = "`run` does not say which program.";

    private static readonly string[] Keys = ["name", "match", "do", "code", "text", "retry", "respond", "run", "notify", "record", "pass"];

    private static readonly (string Word, FailureAction Action)[] Actions =
    [
        ("record", FailureAction.Record), ("ignore", FailureAction.Ignore), ("restart", FailureAction.Restart),
        ("hot_restart", FailureAction.HotRestart), ("replace_instance", FailureAction.ReplaceInstance), ("stop", FailureAction.Stop),
        ("finish", FailureAction.Finish),
    ];

    private static readonly ConfigType<string> Action = ConfigTypes.Choice([.. Actions.Select(known => known.Word)]);

    public FailureRuleType()
        : base("rule", "a rule: `match`, `do`, and how", "{match: {exit: 78}, do: stop}",
            $"{{\"anyOf\": [{FailureRuleSchema.Rule}, {FailureRuleSchema.LayerRule}]}}")
    {
    }

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out FailureRule result)
    {
        result = null;
        if (value is not ConfigMapping mapping)
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.",
                $"Write it as `{Example}`.");

        if (LayerRuleReader.IsOne(mapping))
            return (result = LayerRuleReader.Read(mapping, context)) is not null;
        var rule = new RuleMapping(mapping, context, Keys);
        var match = FailureMatchReader.Read(rule);
        var (action, target) = ReadAction(rule);
        RefuseWhatCantBeDone(rule, match, action);
        result = new FailureRule
        {
            Name = rule.Read("name", ConfigTypes.Text),
            Match = match,
            Action = action,
            Target = target,
            Code = rule.Read("code", ConfigTypes.Text),
            Text = FailureWordingReader.ReadText(rule, "text"),
            Retry = ReadRetry(rule),
            Respond = ReadAnswer(rule),
            Run = ReadHook(rule),
            Notify = FailureWordingReader.ReadNotify(rule),
            Record = FailureWordingReader.ReadRecord(rule),
            PassesUp = rule.Read("pass", ConfigTypes.Choice("up")) is not null,
            Place = value.Origin.Place,
        };
        RefuseWhatNobodyWouldFind(rule, result);
        // One with a name may be what `then` of another one means.
        if (result.Name is null && AnswersNobody(result))
            rule.Refuse("respond", AnsweredNobody, "Leave it out, or write `do: stop`.");
        return rule.IsRight;
    }

    /// <summary>A word, or <c>{start: NAME}</c>.</summary>
    private static (FailureAction Action, string? Target) ReadAction(RuleMapping rule)
    {
        if (!rule.IsMapping("do"))
            return rule.Read("do", Action) is { } word ? (Actions.First(known => known.Word == word).Action, null)
                : (FailureAction.Record, null);
        var jump = rule.Below("do", "start")!;
        var target = jump.Read("start", ConfigTypes.Text);
        if (target is null or "" || target.Any(letter => letter == '/' || char.IsWhiteSpace(letter)))
            jump.Refuse("start", "`start` needs the name of a service.", "Write `{start: NAME}`.");
        rule.Join(jump);
        return (FailureAction.Start, target);
    }

    private static void RefuseWhatCantBeDone(RuleMapping rule, FailureMatch match, FailureAction action)
    {
        var isNote = action is FailureAction.Record or FailureAction.Ignore;
        if (match.Moment is not FailureMoment.Failed && !isNote)
            rule.Refuse("do", "Once a service is given up or has recovered, there is nothing left to decide.",
                "Write `record` or `ignore`; what is done about the failure itself says a rule without `event`.");
        if (match.Phase is FailurePhase.Stop && !isNote)
            rule.Refuse("do", "Once a service is stopped, there is nothing left to decide.", "Write `record` or `ignore`.");
        if (action is FailureAction.Finish && !match.IsAboutEnd
            && (match.IsUnhealthy || match.NeedsExceptions || match.Log is not null || match.Dependencies.Count > 0))
            rule.Refuse("do", "A service that is still running can't be finished.", "Write another action, or match an `exit` as well.");
        if (rule.Has("retry") && action is not (FailureAction.Restart or FailureAction.HotRestart or FailureAction.ReplaceInstance))
            rule.Refuse("retry", "`retry` is for rules that restart the service, and this one doesn't.",
                "Write `do: restart`, `hot_restart` or `replace_instance`.");
        if (rule.Has("respond") && action is FailureAction.Finish)
            rule.Refuse("respond", "`respond` is for a service that has failed, and by this rule nothing has.",
                "Leave it out, or write `do: stop`.");
        if (rule.Has("respond") && (match.Moment is FailureMoment.Recovered || match.Phase is FailurePhase.Stop))
            rule.Refuse("respond", "`respond` is for a service that has failed, and this one serves again or was stopped.",
                "Leave it out, or write it in the rule about the failure.");
    }

    /// <summary>What is done about a failure, and who hears of it, has to be in the journal; a mere note need not.</summary>
    private static void RefuseWhatNobodyWouldFind(RuleMapping rule, FailureRule found)
    {
        if (found.Record is not { } record)
            return;
        if (found.Action is FailureAction.Ignore)
            rule.Refuse("record", "What a rule ignores is not written down.", "Leave `record` out, or write `do: record`.");
        else if (!record.IsInJournal && (found.Action is not FailureAction.Record || found.Notify is not null))
            rule.Refuse("record", "`sinks` leaves out `journal`, which alerts and `servicectl failures` read: only a rule that does "
                + "nothing but record can do without it.", "Add `journal`.");
    }

    /// <summary>By its own match, it never has anything to answer: the service goes on, whatever it says.</summary>
    internal static bool AnswersNobody(FailureRule rule) => rule is { Respond: not null, Match.Moment: FailureMoment.Failed }
        && !rule.Match.IsAboutEnd
        && (rule.Action is FailureAction.Ignore
            ? rule.Match.IsUnhealthy || rule.Match.Log is not null || rule.Match.Dependencies.Count > 0
            : rule.Action is FailureAction.Record && (rule.Match.Log is not null || rule.Match.Dependencies.Count > 0));

    private static FailureRetry? ReadRetry(RuleMapping rule)
    {
        if (rule.Below("retry", [.. FailureRetryReader.Keys, "then"]) is not { } retry)
            return null;
        var found = FailureRetryReader.Read(retry) with { Then = retry.Read("then", ConfigTypes.Text) };
        rule.Join(retry);
        return found;
    }

    private static FailureAnswer? ReadAnswer(RuleMapping rule)
    {
        if (rule.Below("respond", "status", "retry_after", "content_type", "code", "body") is not { } answer)
            return null;
        var found = new FailureAnswer
        {
            Status = answer.ReadValue("status", FailureRuleSchema.Status),
            RetryAfter = answer.ReadValue("retry_after", ConfigTypes.Duration),
            ContentType = answer.Read("content_type", ConfigTypes.Text),
            Code = answer.Read("code", ConfigTypes.Text),
            Body = FailureWordingReader.ReadText(answer, "body"),
        };
        rule.Join(answer);
        return found;
    }

    /// <summary>A command, or <c>{command: [...], timeout: 30s}</c>.</summary>
    private static FailureHook? ReadHook(RuleMapping rule)
    {
        if (!rule.Has("run"))
            return null;
        if (!rule.IsMapping("run"))
        {
            var plain = rule.Read("run", ConfigTypes.Command);
            if (plain is { Count: 0 })
                rule.Refuse("run", NoProgram, "Write `[PROGRAM, ARGUMENT]`.");
            return plain is null ? null : new FailureHook { Command = plain };
        }

        var hook = rule.Below("run", "command", "timeout")!;
        var command = hook.Read("command", ConfigTypes.Command);
        if (command is { Count: 0 } || !hook.Has("command"))
            hook.Refuse("command", NoProgram, "Write `{command: [PROGRAM, ARGUMENT], timeout: 30s}`.");
        var timeout = hook.ReadValue("timeout", ConfigTypes.Duration) ?? FailureHook.UsualTimeout;
        rule.Join(hook);
        return command is null ? null : new FailureHook { Command = command, Timeout = timeout };
    }
}
