using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A rule about a layer inside the process (<c>match.layer</c>), as a configuration writes it.</summary>
internal static class LayerRuleReader
{
    internal static readonly ConfigType<IReadOnlyList<string>> Words = ConfigTypes.ListOf(ConfigTypes.Text);

    internal static readonly ConfigType<string> Action = ConfigTypes.Choice("record", "ignore", "retry", "stop");

    private static readonly string[] OfAnswers = ["status", "retry_after", "content_type", "body"];

    public static bool IsOne(ConfigMapping mapping) =>
        mapping.TryGet("match", out var match) && match is ConfigMapping below && below.TryGet("layer", out _);

    /// <returns>Null where something is wrong, which the context has heard.</returns>
    public static FailureRule? Read(ConfigMapping mapping, ConversionContext context)
    {
        var rule = new RuleMapping(mapping, context, "name", "match", "do", "code", "text", "retry", "respond");
        var match = rule.Below("match", "layer", "exception", "rate")!;
        var inside = new LayerRule(
            match.Read("layer", Words) ?? [], match.Read("exception", Words) ?? [], match.ReadValue("rate", ConfigTypes.Rate),
            ReadAction(rule));
        if (match.IsRight && inside.Layers.Count == 0)
            match.Refuse("layer", "`layer` is an empty list.", "Name a layer, or write `*` for all.");
        rule.Join(match);
        ReadRetry(rule, inside.Verb);
        ReadAnswer(rule);
        var read = new FailureRule
        {
            Name = rule.Read("name", ConfigTypes.Text),
            Inside = inside,
            Code = rule.Read("code", ConfigTypes.Text),
            Text = rule.Read("text", ConfigTypes.Text),
            Place = mapping.Origin.Place,
        };
        return rule.IsRight ? read : null;
    }

    /// <summary>A word, or <c>{jump: LAYER}</c>.</summary>
    private static string ReadAction(RuleMapping rule)
    {
        if (!rule.IsMapping("do"))
            return rule.Read("do", Action) ?? "record";
        var jump = rule.Below("do", "jump")!;
        var target = jump.Read("jump", ConfigTypes.Text);
        if (string.IsNullOrWhiteSpace(target))
            jump.Refuse("jump", "`jump` needs the name of a layer.", "Write `{jump: NAME}`.");
        rule.Join(jump);
        return $"jump to {target}";
    }

    private static void ReadRetry(RuleMapping rule, string verb)
    {
        if (rule.Below("retry", FailureRetryReader.Keys) is not { } retry)
            return;
        if (verb != "retry")
            rule.Refuse("retry", "`retry` is for rules that try again, and this one doesn't.", "Write `do: retry`.");
        FailureRetryReader.Read(retry);
        rule.Join(retry);
    }

    private static void ReadAnswer(RuleMapping rule)
    {
        if (rule.Below("respond", OfAnswers) is not { } answer)
            return;
        answer.ReadValue("status", FailureRuleSchema.Status);
        answer.ReadValue("retry_after", ConfigTypes.Duration);
        answer.Read("content_type", ConfigTypes.Text);
        answer.Read("body", ConfigTypes.Text);
        rule.Join(answer);
    }
}
