using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A rule as JSON Schema.</summary>
internal static class FailureRuleSchema
{
    private const string Words = """{"type": "string"}""";

    private static readonly string Code = ConfigTypes.Text.JsonSchema;

    private static readonly string Duration = ConfigTypes.Duration.JsonSchema;

    private static readonly string Match = Mapping(
        ("exit", ConfigTypes.ListOf(ConfigTypes.Integer(0, 255)).JsonSchema), ("signal", OneOrMore("""{"type": ["integer", "string"]}""")),
        ("phase", ConfigTypes.Choice<FailurePhase>().JsonSchema), ("health", Choice("failing")), ("oom", ConfigTypes.Boolean.JsonSchema),
        ("exception", OneOrMore(Words)), ("module", OneOrMore(Words)), ("log", ConfigTypes.Pattern.JsonSchema),
        ("dependency", OneOrMore(Words)),
        ("event", Choice("failed", "given_up", "recovered")), ("rate", ConfigTypes.Rate.JsonSchema));

    private static readonly string Retry = Mapping(
        ("delay", Duration), ("factor", ConfigTypes.Number(1, 100).JsonSchema), ("max_delay", Duration),
        ("jitter", ConfigTypes.Percentage.JsonSchema), ("give_up", ConfigTypes.Rate.JsonSchema), ("then", Words));

    private static readonly string Respond = Mapping(
        ("status", ConfigTypes.Integer(100, 599).JsonSchema), ("retry_after", Duration), ("content_type", Words), ("code", Code),
        ("body", Words));

    private static readonly string Wording = AnyOf(Words, Mapping(("code", Code), ("text", Words)));

    private static readonly string Notify = AnyOf(FailureWordingReader.LevelWord.JsonSchema, Mapping(
        ("level", FailureWordingReader.LevelWord.JsonSchema), ("code", Code), ("text", Words), ("info", Wording), ("critical", Wording),
        ("tg", Wording), ("sl", Wording), ("mail", Wording), ("webhook", Wording)));

    private static readonly string Record = Mapping(
        ("sinks", FailureWordingReader.SinkWords.JsonSchema), ("level", ConfigTypes.Choice<ServiceEventLevel>().JsonSchema), ("code", Code),
        ("text", Words));

    private static readonly string Do = AnyOf(
        Choice("record", "ignore", "restart", "hot_restart", "replace_instance", "stop", "finish"), Mapping(("start", Words)));

    private static readonly string Run = AnyOf(
        ConfigTypes.Command.JsonSchema, Mapping(("command", ConfigTypes.Command.JsonSchema), ("timeout", Duration)));

    public static string Rule { get; } = Mapping(
        ("name", Words), ("match", Match), ("do", Do), ("code", Code), ("text", Words), ("retry", Retry), ("respond", Respond),
        ("run", Run), ("notify", Notify), ("record", Record), ("pass", Choice("up")));

    private static string Mapping(params (string Key, string Schema)[] keys) =>
        "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
            + string.Join(", ", keys.Select(key => $"\"{key.Key}\": {key.Schema}")) + "}}";

    private static string OneOrMore(string item) => AnyOf("{\"type\": \"array\", \"items\": " + item + "}", item);

    private static string AnyOf(params string[] schemas) => "{\"anyOf\": [" + string.Join(", ", schemas) + "]}";

    private static string Choice(params string[] words) => ConfigTypes.Choice(words).JsonSchema;
}
