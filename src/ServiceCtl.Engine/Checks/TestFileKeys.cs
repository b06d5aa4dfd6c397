using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Checks;

/// <summary>The keys of tests.yaml: those of the predecessor, and <c>path</c>, <c>timeout</c> and <c>auth.place</c>.</summary>
internal static class TestFileKeys
{
    public static SchemaKey<string> AuthUser { get; } = new("auth.user", ConfigTypes.Text, "Who asks for the token.");

    public static SchemaKey<string> AuthPassword { get; } = new("auth.passw", ConfigTypes.Text,
        "That user's password.")
    { IsSecret = true };

    public static SchemaKey<TokenPlace> AuthPlace { get; } = new(
        "auth.place", ConfigTypes.Choice<TokenPlace>(),
        "Where requests carry the token: `request`, as the member `token`; `params`, as the parameter `token`; `header`, as "
            + "`Authorization: Bearer`.")
    {
        Default = "request",
    };

    public static SchemaKey<TimeSpan> Timeout { get; } = new("timeout", ConfigTypes.Duration, "Longest time for a test.")
    {
        Unit = "seconds",
        Default = "30s",
    };

    public static SchemaKey<ConfigSequence> Integration { get; } = new(
        "integration", ConfigTypes.RawList("a list of tests", "[]"), "Requests to the running service.")
    {
        Default = "[]",
    };

    public static SchemaKey<ConfigSequence> Unit { get; } = new(
        "unit", ConfigTypes.RawList("a list of tests", "[]"), "Functions that are called in the service's interpreter.")
    {
        Default = "[]",
    };

    public static SchemaKey<string> Name { get; } = new("name", ConfigTypes.Text, "What the test is called.")
    {
        IsRequired = true,
        Example = "ping answers",
    };

    public static SchemaKey<bool> Critical { get; } = new("critical", ConfigTypes.Boolean, "Whether a failure is an error, not a warning.")
    {
        Default = "true",
    };

    public static SchemaKey<TimeSpan> TestTimeout { get; } = new("timeout", ConfigTypes.Duration, "Longest time for this test.")
    {
        Unit = "seconds",
        DefaultNote = "the file's `timeout`",
    };

    public static SchemaKey<ConfigValue> Request { get; } = new("request", ConfigTypes.Anything, "What is sent, as JSON text or as YAML.")
    {
        IsRequired = true,
        Example = "'{\"method\": \"ping\"}'",
    };

    public static SchemaKey<ConfigValue> Expected { get; } = new("expected", ConfigTypes.Anything, "The answer, as JSON text or as YAML.")
    {
        IsRequired = true,
        Example = "'{\"result\": \"pong\"}'",
    };

    public static SchemaKey<string> Path { get; } = new("path", ConfigTypes.Text, "Where the request is posted to.")
    {
        Default = "/",
    };

    public static SchemaKey<string> From { get; } = new("from", ConfigTypes.Text, "The module, as in `from X import Y`.");

    public static SchemaKey<string> Import { get; } = new("import", ConfigTypes.Text, "What is imported, as in `from X import Y`.")
    {
        IsRequired = true,
        Example = "adds_numbers",
    };

    public static SchemaKey<ConfigValue> Returned { get; } = new("expected", ConfigTypes.Anything, "What the function is to return.")
    {
        Default = "true",
    };

    public static ConfigurationSchema File { get; } = new(
        [new("", "The tests of a service.", IsClosed: true), new("auth", "How the integration tests get their token.", IsClosed: true)],
        [AuthUser, AuthPassword, AuthPlace, Timeout, Integration, Unit]);

    public static ConfigurationSchema IntegrationTest { get; } = new(
        [new("", "A request to the running service.", IsClosed: true)], [Name, Request, Expected, Path, Critical, TestTimeout]);

    public static ConfigurationSchema UnitTest { get; } = new(
        [new("", "A function to call.", IsClosed: true)], [Name, From, Import, Returned, Critical, TestTimeout]);
}
