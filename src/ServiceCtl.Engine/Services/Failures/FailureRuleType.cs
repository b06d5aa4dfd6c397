using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A rule as a configuration writes it.</summary>
internal sealed class FailureRuleType : ConfigType<FailureRule>
{
    private static readonly string[] Keys = ["name", "match", "do", "code", "text", "retry", "respond"];

    private static readonly ConfigType<IReadOnlyList<int>> ExitCodes = ConfigTypes.ListOf(ConfigTypes.Integer(0, 255));

    private static readonly ConfigType<IReadOnlyList<string>> Words = ConfigTypes.ListOf(ConfigTypes.Text);

    private static readonly ConfigType<FailureAction> Action = ConfigTypes.Choice<FailureAction>();

    private static readonly ConfigType<string> Moment = ConfigTypes.Choice("failed", "given_up", "recovered");

    public FailureRuleType()
        : base("rule", "a rule: `match`, `do`, and how", "{match: {exit: 78}, do: stop}", FailureRuleSchema.Rule)
    {
    }

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out FailureRule result)
    {
        result = null;
        if (value is not ConfigMapping mapping)
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.",
                $"Write it as `{Example}`.");

        var rule = new RuleMapping(mapping, context, Keys);
        var match = ReadMatch(rule);
        var action = rule.ReadValue("do", Action) ?? FailureAction.Record;
        if (match.Moment is not FailureMoment.Failed && action is not (FailureAction.Record or FailureAction.Ignore))
        {
            rule.Refuse("do", "Of a service that was given up, or has come back, there is nothing left to decide.",
                "Write `record` or `ignore`; what is done about the failure itself says a rule without `event`.");
        }

        if (match.IsUnhealthy && action is FailureAction.Finish)
            rule.Refuse("do", "A service that does not answer has not done its work.", "Write `restart`, `stop`, `record` or `ignore`.");
        if (rule.Has("retry") && action is not FailureAction.Restart)
            rule.Refuse("retry", "`retry` says how a service is started again, and this rule does not start it.", "Write `do: restart`.");
        result = new FailureRule
        {
            Name = rule.Read("name", ConfigTypes.Text),
            Match = match,
            Action = action,
            Code = rule.Read("code", ConfigTypes.Text),
            Text = rule.Read("text", ConfigTypes.Text),
            Retry = ReadRetry(rule),
            Respond = ReadAnswer(rule),
            Place = value.Origin.Place,
        };
        return rule.IsRight;
    }

    private static FailureMatch ReadMatch(RuleMapping rule)
    {
        var match = rule.Below("match", "exit", "signal", "phase", "health", "event", "rate");
        if (match is null)
            return new FailureMatch();
        var signals = match.Read("signal", Words)?.Select(word => (Word: word, Number: NumberOf(word))).ToArray() ?? [];
        if (signals.FirstOrDefault(signal => signal.Number is null).Word is { } unknown)
            match.Refuse("signal", $"`{unknown}` is no signal.", "Write its name, as `KILL`, or its number.");
        if (match.Has("exit") && match.Has("signal"))
            match.Refuse("signal", "A process that a signal ends has no exit code, so that this can never be.", "Write two rules.");
        if (match.Has("health") && (match.Has("exit") || match.Has("signal") || match.Has("phase")))
            match.Refuse("health", "`health` is about a service that lives; it has no exit code and no signal.", "Write two rules.");
        match.Read("health", ConfigTypes.Choice("failing"));
        var moment = match.Read("event", Moment);
        var found = new FailureMatch
        {
            Exits = match.Read("exit", ExitCodes) ?? [],
            Signals = [.. signals.Select(signal => signal.Number ?? 0)],
            Phase = match.ReadValue("phase", ConfigTypes.Choice<FailurePhase>()),
            IsUnhealthy = match.Has("health"),
            Moment = moment switch
            {
                "given_up" => FailureMoment.GivenUp,
                "recovered" => FailureMoment.Recovered,
                _ => FailureMoment.Failed,
            },
            Rate = match.ReadValue("rate", ConfigTypes.Rate),
        };
        rule.Join(match);
        return found;
    }

    private static FailureRetry? ReadRetry(RuleMapping rule)
    {
        if (rule.Below("retry", "delay", "factor", "max_delay", "jitter", "give_up", "then") is not { } retry)
            return null;
        var jitter = retry.ReadValue("jitter", ConfigTypes.Percentage) ?? 0;
        if (jitter > 100)
            retry.Refuse("jitter", "More than 100 % would make a wait negative.", "Write at most `100%`.");
        var found = new FailureRetry
        {
            Delay = retry.ReadValue("delay", ConfigTypes.Duration),
            Factor = retry.ReadValue("factor", ConfigTypes.Number(1, 100)),
            MaxDelay = retry.ReadValue("max_delay", ConfigTypes.Duration),
            JitterPercent = jitter,
            GiveUp = retry.ReadValue("give_up", ConfigTypes.Rate),
            Then = retry.Read("then", ConfigTypes.Text),
        };
        rule.Join(retry);
        return found;
    }

    private static FailureAnswer? ReadAnswer(RuleMapping rule)
    {
        if (rule.Below("respond", "status", "retry_after", "content_type", "body") is not { } answer)
            return null;
        var found = new FailureAnswer
        {
            Status = answer.ReadValue("status", ConfigTypes.Integer(100, 599)),
            RetryAfter = answer.ReadValue("retry_after", ConfigTypes.Duration),
            ContentType = answer.Read("content_type", ConfigTypes.Text),
            Body = answer.Read("body", ConfigTypes.Text),
        };
        rule.Join(answer);
        return found;
    }

    /// <summary>The number of a signal that is given by name, with or without SIG, or by number; null for no signal.</summary>
    internal static int? NumberOf(string word)
    {
        var name = word.Trim().ToUpperInvariant();
        for (var number = 1; number <= 64; number++)
        {
            if (name == number.ToString(CultureInfo.InvariantCulture) || Signals.NameOf(number) == name
                || Signals.NameOf(number) == $"SIG{name}")
                return number;
        }

        return null;
    }
}
