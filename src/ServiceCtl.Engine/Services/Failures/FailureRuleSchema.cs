namespace ServiceCtl.Engine.Services.Failures;

/// <summary>A rule as JSON Schema.</summary>
internal static class FailureRuleSchema
{
    private const string Exit = """{"type": ["integer", "string"], "minimum": 0, "maximum": 255}""";
    private const string Word = """{"type": ["integer", "string"]}""";
    private const string Duration = """{"type": ["number", "string"], "minimum": 0}""";
    private const string Factor = """{"type": ["number", "string"], "minimum": 1, "maximum": 100}""";
    private const string Percentage = """{"type": ["number", "string"], "minimum": 0}""";
    private const string Status = """{"type": ["integer", "string"], "minimum": 100, "maximum": 599}""";
    private const string Rate = """{"type": "string", "pattern": "^\\s*[0-9]+\\s*(in|/)\\s*[0-9]"}""";
    private const string Commands = """{"type": "array", "minItems": 1, "items": {"type": ["string", "number"]}}""";
    private const string Text = """{"type": "string"}""";

    private static readonly string Match = Mapping(
        ("exit", OneOrMore(Exit)), ("signal", OneOrMore(Word)), ("phase", Words("start", "running", "stop")),
        ("health", Words("failing")), ("oom", """{"type": ["boolean", "string"]}"""), ("exception", OneOrMore(Text)),
        ("log", """{"type": "string", "format": "regex"}"""), ("dependency", OneOrMore(Text)),
        ("event", Words("failed", "given_up", "recovered")), ("rate", Rate));

    private static readonly string Retry = Mapping(
        ("delay", Duration), ("factor", Factor), ("max_delay", Duration), ("jitter", Percentage), ("give_up", Rate), ("then", Text));

    private static readonly string Respond = Mapping(
        ("status", Status), ("retry_after", Duration), ("content_type", Text), ("body", Text));

    private static readonly string Do = "{\"anyOf\": ["
        + Words("record", "ignore", "restart", "hot_restart", "replace_instance", "stop", "finish") + ", "
        + Mapping(("start", Text)) + "]}";

    private static readonly string Run = "{\"anyOf\": [" + Commands + ", " + Mapping(("command", Commands), ("timeout", Duration)) + "]}";

    public static string Rule { get; } = Mapping(
        ("name", Text), ("match", Match), ("do", Do), ("code", """{"type": ["string", "number"]}"""), ("text", Text), ("retry", Retry),
        ("respond", Respond), ("run", Run), ("notify", Words("info", "critical")), ("pass", Words("up")));

    private static string Mapping(params (string Key, string Schema)[] keys) =>
        "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
            + string.Join(", ", keys.Select(key => $"\"{key.Key}\": {key.Schema}")) + "}}";

    private static string OneOrMore(string item) => "{\"anyOf\": [{\"type\": \"array\", \"items\": " + item + "}, " + item + "]}";

    private static string Words(params string[] words) => "{\"enum\": [" + string.Join(", ", words.Select(word => $"\"{word}\"")) + "]}";
}
