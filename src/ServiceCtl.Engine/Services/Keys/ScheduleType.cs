using System.Diagnostics.CodeAnalysis;
using Cronos;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>A list of things that are done at set times.</summary>
internal sealed class ScheduleType : ConfigType<IReadOnlyList<ScheduleRule>>
{
    private const string NameKey = "name";
    private const string CronKey = "cron";
    private const string ZoneKey = "time_zone";
    private const string RunKey = "run";
    private const string DoKey = "do";
    private const string TimeoutKey = "timeout";
    private const string OverlapKey = "overlap";
    private const string CatchUpKey = "catch_up";

    private static readonly string[] Keys = [NameKey, CronKey, ZoneKey, RunKey, DoKey, TimeoutKey, OverlapKey, CatchUpKey];

    private static readonly ServiceAction[] Orders =
        [ServiceAction.Restart, ServiceAction.HotRestart, ServiceAction.Start, ServiceAction.Stop];

    private static readonly ConfigType<string> Order = ConfigTypes.Choice([.. Orders.Select(ScheduleRule.WordOf)]);
    private static readonly ConfigType<string> ItemName = ConfigTypes.TextMatching(ServiceNamePattern.Whole);
    private static readonly ConfigType<OverlapPolicy> Overlap = ConfigTypes.Choice<OverlapPolicy>();

    public ScheduleType()
        : base("list of schedules", "a list of mappings with `cron` and either `run` or `do`",
            "[{cron: \"35 23 * * 5\", run: [./clean.py]}]",
            $$$"""
            {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["cron"], "properties": {
            "name": {{{ItemName.JsonSchema}}}, "cron": {"type": "string", "minLength": 1}, "time_zone": {"type": "string", "minLength": 1},
            "run": {{{ConfigTypes.Command.JsonSchema}}}, "do": {{{Order.JsonSchema}}}, "timeout": {{{ConfigTypes.Duration.JsonSchema}}},
            "overlap": {{{Overlap.JsonSchema}}}, "catch_up": {{{ConfigTypes.Boolean.JsonSchema}}}},
            "oneOf": [{"required": ["run"]}, {"required": ["do"]}]}}
            """.ReplaceLineEndings(""))
    {
    }

    public override bool TryConvert(
        ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out IReadOnlyList<ScheduleRule> result)
    {
        result = null;
        if (value is not ConfigSequence sequence)
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.",
                $"Write it as `{context.Example ?? Example}`.");

        var rules = new List<ScheduleRule>();
        var isRight = true;
        for (var index = 0; index < sequence.Items.Count; index++)
        {
            var at = context.At(index);
            if (ReadItem(sequence.Items[index], at, out var name) is not { } rule)
                isRight = false;
            else if (name is not null && rules.Exists(other => other.Name == name))
                isRight = at.At(NameKey).Refuse(sequence.Items[index], $"Two items of `{context.Key}` are called `{name}`.",
                    "Give each a `name` of its own.");
            else
                rules.Add(rule with { Name = name ?? UsualName(rule, rules) });
        }

        result = rules;
        return isRight;
    }

    private static ScheduleRule? ReadItem(ConfigValue item, ConversionContext context, out string? name)
    {
        name = null;
        if (item is not ConfigMapping mapping)
        {
            context.Refuse(item, $"`{context.Key}` should be a mapping with `cron` and either `run` or `do`, and this is "
                + $"{item.Description}.", "Write it as `{cron: \"35 23 * * 5\", run: [./clean.py]}`.");
            return null;
        }

        var isRight = true;
        foreach (var entry in mapping.Entries.Where(entry => !Keys.Contains(entry.Key)))
        {
            isRight = context.At(entry.Key).Refuse(
                entry.Value, $"`{context.Key}` has no key `{entry.Key}`.",
                Suggestion.For(entry.Key, Keys) is { } near
                    ? $"Did you mean `{near}`?" : $"It has {string.Join(", ", Keys.Select(key => $"`{key}`"))}.");
        }

        var fields = new Fields(mapping, context);
        name = fields.Read(NameKey, ItemName);
        var cron = fields.Read(CronKey, ConfigTypes.Text);
        var zone = fields.Read(ZoneKey, ConfigTypes.Text);
        var run = fields.Read(RunKey, ConfigTypes.Command);
        var order = fields.Read(DoKey, Order);
        var hasTimeout = fields.TryRead(TimeoutKey, ConfigTypes.Duration, out var timeout);
        fields.TryRead(OverlapKey, Overlap, out var overlap);
        fields.TryRead(CatchUpKey, ConfigTypes.Boolean, out var catchUp);
        if (!isRight || fields.AreWrong)
            return null;

        if (cron is null)
            isRight = context.Refuse(item, $"`{context.Key}` has no `cron`, so it would never run.",
                "Add one, such as `cron: \"35 23 * * 5\"`.");
        else if ((run is null or { Count: 0 }) == (order is null))
            isRight = context.Refuse(item, $"`{context.Key}` needs either `run` or `do`, and has {(order is null ? "neither" : "both")}.",
                "Write a program to run, or an order such as `do: restart`.");
        else if (hasTimeout && timeout <= TimeSpan.Zero)
            isRight = context.At(TimeoutKey).Refuse(mapping.Find(TimeoutKey)!, "This timeout leaves no time to run.",
                "Write how long it may take, such as `10m`.");
        isRight &= cron is null || IsTime(mapping, context, cron, zone);
        return !isRight ? null : new ScheduleRule
        {
            Name = "",
            Cron = cron!,
            TimeZone = zone,
            Run = run ?? [],
            Do = order is null ? null : Array.Find(Orders, action => ScheduleRule.WordOf(action) == order),
            Timeout = hasTimeout ? timeout : order is null ? ScheduleKeys.UsualTimeout : null,
            Overlap = overlap,
            CatchUp = catchUp,
        };
    }

    private static bool IsTime(ConfigMapping mapping, ConversionContext context, string cron, string? zone)
    {
        if (CronText.FindZone(zone) is not { } known)
        {
            return context.At(ZoneKey).Refuse(mapping.Find(ZoneKey)!, $"Unknown time zone `{zone}`.",
                "Write it as the time zone database does: `Europe/Berlin`, `UTC`. Where none is known, install `tzdata`.");
        }

        try
        {
            return CronText.Parse(cron).GetNextOccurrence(DateTimeOffset.UnixEpoch, known) is not null
                || context.At(CronKey).Refuse(mapping.Find(CronKey)!, $"`{cron}` never comes up: there is no such day.",
                    "Correct the day or the month.");
        }
        catch (CronFormatException fault)
        {
            return context.At(CronKey).Refuse(mapping.Find(CronKey)!, $"`{cron}` is not a cron expression. {fault.Message.TrimEnd('.')}.",
                "Write minute, hour, day, month and day of the week, as in `35 23 * * 5`.");
        }
    }

    private static string UsualName(ScheduleRule rule, List<ScheduleRule> before)
    {
        var word = rule.Do is null ? Path.GetFileNameWithoutExtension(rule.Run[0]) : rule.ToString();
        word = ServiceNamePattern.Whole.IsMatch(word) ? word : "run";
        return Enumerable.Range(1, before.Count + 1).Select(number => number == 1 ? word : $"{word[..Math.Min(word.Length, 60)]}-{number}")
            .First(name => !before.Exists(other => other.Name == name));
    }

    /// <summary>What a mapping has under its keys, and whether all of it could be read.</summary>
    private sealed class Fields(ConfigMapping mapping, ConversionContext context)
    {
        public bool AreWrong { get; private set; }

        public T? Read<T>(string key, ConfigType<T> type)
            where T : class => TryRead(key, type, out var value) ? value : null;

        public bool TryRead<T>(string key, ConfigType<T> type, [MaybeNullWhen(false)] out T value)
            where T : notnull
        {
            value = default;
            if (mapping.Find(key) is not { IsNull: false } written)
                return false;
            if (type.TryConvert(written, context.At(key), out value))
                return true;
            AreWrong = true;
            return false;
        }
    }
}
