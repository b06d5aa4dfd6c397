using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A rule as JSON Schema.</summary>
internal static class FailureRuleSchema
{
    public static readonly ConfigType<double> Factor = ConfigTypes.Number(1, 100);

    public static readonly ConfigType<int> Status = ConfigTypes.Integer(100, 599);

    private const string Words = """{"type": "string"}""";

    private static readonly string Code = ConfigTypes.Text.JsonSchema;

    private static readonly string Duration = ConfigTypes.Duration.JsonSchema;

    private static readonly string Match = Mapping(
        ("exit", ConfigTypes.ListOf(ConfigTypes.Integer(0, 255)).JsonSchema), ("signal", OneOrMore("""{"type": ["integer", "string"]}""")),
        ("phase", ConfigTypes.Choice<FailurePhase>().JsonSchema), ("health", Choice("failing")), ("oom", ConfigTypes.Boolean.JsonSchema),
        ("exception", OneOrMore(Words)), ("module", OneOrMore(Words)), ("log", ConfigTypes.Pattern.JsonSchema),
        ("dependency", OneOrMore(Words)),
        ("event", Choice("failed", "given_up", "recovered")), ("rate", ConfigTypes.Rate.JsonSchema));

    private static readonly (string Key, string Schema)[] Retry =
    [
        ("delay", Duration), ("factor", Factor.JsonSchema), ("max_delay", Duration), ("jitter", ConfigTypes.Percentage.JsonSchema),
        ("give_up", ConfigTypes.Rate.JsonSchema),
    ];

    private static readonly (string Key, string Schema)[] Respond =
        [("status", Status.JsonSchema), ("retry_after", Duration), ("content_type", Words), ("body", Words)];

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
        ("name", Words), ("match", Match), ("do", Do), ("code", Code), ("text", Words), ("retry", Mapping([.. Retry, ("then", Words)])),
        ("respond", Mapping([.. Respond, ("code", Code)])), ("run", Run), ("notify", Notify), ("record", Record),
        ("pass", Choice("up")));

    /// <summary>A rule about a layer inside the process.</summary>
    public static string LayerRule { get; } = With("match",
        ("name", Words),
        ("match", With("layer",
            ("layer", LayerRuleReader.Words.JsonSchema), ("exception", LayerRuleReader.Words.JsonSchema),
            ("rate", ConfigTypes.Rate.JsonSchema))),
        ("do", AnyOf(LayerRuleReader.Action.JsonSchema, With("jump", ("jump", Words)))), ("code", Code), ("text", Words),
        ("retry", Mapping(Retry)), ("respond", Mapping(Respond)));

    private static string Mapping(params (string Key, string Schema)[] keys) =>
        $"{{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {PropertiesOf(keys)}}}";

    /// <summary>A mapping that is nothing without one of its keys.</summary>
    private static string With(string required, params (string Key, string Schema)[] keys) =>
        $"{{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"{required}\"], \"properties\": {PropertiesOf(keys)}}}";

    private static string PropertiesOf((string Key, string Schema)[] keys) =>
        "{" + string.Join(", ", keys.Select(key => $"\"{key.Key}\": {key.Schema}")) + "}";

    private static string OneOrMore(string item) => AnyOf("{\"type\": \"array\", \"items\": " + item + "}", item);

    private static string AnyOf(params string[] schemas) => "{\"anyOf\": [" + string.Join(", ", schemas) + "]}";

    private static string Choice(params string[] words) => ConfigTypes.Choice(words).JsonSchema;
}
