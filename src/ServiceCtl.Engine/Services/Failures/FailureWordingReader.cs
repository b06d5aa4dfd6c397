using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>What a rule says to whom: codes, texts, alerts, notes.</summary>
internal static class FailureWordingReader
{
    private static readonly (string Word, AlertLevel Level)[] Levels = [("info", AlertLevel.Info), ("critical", AlertLevel.Critical)];

    /// <summary>As the section <c>alerts</c> calls them.</summary>
    private static readonly (string Word, AlertChannel Channel)[] Channels =
    [
        ("tg", AlertChannel.Telegram), ("sl", AlertChannel.Slack), ("mail", AlertChannel.Mail), ("webhook", AlertChannel.Webhook),
    ];

    internal static readonly ConfigType<string> LevelWord = ConfigTypes.Choice([.. Levels.Select(known => known.Word)]);

    internal static readonly ConfigType<IReadOnlyList<FailureSink>> SinkWords = ConfigTypes.ListOf(ConfigTypes.Choice<FailureSink>());

    private static readonly string[] NotifyKeys =
        ["level", "code", "text", .. Levels.Select(known => known.Word), .. Channels.Select(known => known.Word)];

    /// <summary>A text, of which each placeholder is known.</summary>
    public static string? ReadText(RuleMapping rule, string key)
    {
        var text = rule.Read(key, ConfigTypes.Text);
        if (text is not null && FailureText.FindUnknown(text) is { } unknown)
            rule.Refuse(key, $"`{{{unknown}}}` is nothing that can be filled in.",
                Suggestion.For(unknown, FailureText.Names) is { } near ? $"Did you mean `{{{near}}}`?"
                    : $"Write one of {FailureText.NamesInWords}, or `{{{{{unknown}}}}}` to have it written in braces.");
        return text;
    }

    /// <summary><c>info</c>, <c>critical</c>, or <c>{level, code, text, info, critical, tg, sl, mail, webhook}</c>.</summary>
    public static FailureNotify? ReadNotify(RuleMapping rule)
    {
        if (!rule.IsMapping("notify"))
            return rule.Read("notify", LevelWord) is { } word ? new FailureNotify { Levels = [LevelOf(word)] } : null;
        var notify = rule.Below("notify", NotifyKeys)!;
        var level = notify.Read("level", LevelWord);
        var byLevel = Levels.Where(known => notify.Has(known.Word))
            .ToDictionary(known => known.Level, known => ReadWording(notify, known.Word));
        var byChannel = Channels.Where(known => notify.Has(known.Word))
            .ToDictionary(known => known.Channel, known => ReadWording(notify, known.Word));
        if (!notify.Has("level") && byLevel.Count == 0)
            notify.Refuse("level", "`notify` does not say how urgent it is.", "Add `level: info` or `level: critical`.");
        var usual = ReadPair(notify);
        rule.Join(notify);
        IEnumerable<AlertLevel> levels = level is null ? byLevel.Keys : byLevel.Keys.Append(LevelOf(level));
        return new FailureNotify { Levels = [.. levels.Distinct().Order()], Usual = usual, ByLevel = byLevel, ByChannel = byChannel };
    }

    /// <summary><c>{sinks, level, code, text}</c>.</summary>
    public static FailureRecord? ReadRecord(RuleMapping rule)
    {
        if (rule.Below("record", "sinks", "level", "code", "text") is not { } record)
            return null;
        var sinks = record.Read("sinks", SinkWords);
        if (sinks is { Count: 0 })
            record.Refuse("sinks", "`sinks` names no place.", "Write `[journal]`, or leave it out.");
        var level = record.ReadValue("level", ConfigTypes.Choice<ServiceEventLevel>());
        var found = new FailureRecord { Level = level, Wording = ReadPair(record) };
        rule.Join(record);
        return sinks is null ? found : found with { Sinks = [.. sinks.Distinct()] };
    }

    private static AlertLevel LevelOf(string word) => Levels.First(known => known.Word == word).Level;

    /// <summary>A text, or <c>{code, text}</c>.</summary>
    private static FailureWording ReadWording(RuleMapping rule, string key)
    {
        if (!rule.IsMapping(key))
            return new FailureWording(null, ReadText(rule, key));
        var below = rule.Below(key, "code", "text")!;
        var wording = ReadPair(below);
        if (wording is null)
            below.Refuse("text", $"`{key}` says nothing.", "Write a text, or `{code: CODE, text: TEXT}`.");
        rule.Join(below);
        return wording ?? new FailureWording(null, null);
    }

    private static FailureWording? ReadPair(RuleMapping rule)
    {
        var wording = new FailureWording(rule.Read("code", ConfigTypes.Text), ReadText(rule, "text"));
        return wording is { Code: null, Text: null } ? null : wording;
    }
}
