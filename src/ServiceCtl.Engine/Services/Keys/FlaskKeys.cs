using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Flask's own, which nobody here reads: known so that templates and secrets are right.</summary>
public static class FlaskKeys
{
    internal static KeyList All { get; } = new();

    public static SchemaKey<ConfigValue> Debug { get; } = All.Add(new SchemaKey<ConfigValue>(
        "DEBUG", ConfigTypes.Anything,
        "Flask's debug mode. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    });

    public static SchemaKey<ConfigValue> Testing { get; } = All.Add(new SchemaKey<ConfigValue>(
        "TESTING", ConfigTypes.Anything,
        "Flask's test mode. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    });

    public static SchemaKey<ConfigValue> CsrfEnabled { get; } = All.Add(new SchemaKey<ConfigValue>(
        "CSRF_ENABLED", ConfigTypes.Anything,
        "Flask's CSRF protection. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    });

    public static SchemaKey<ConfigValue> JsonAsAscii { get; } = All.Add(new SchemaKey<ConfigValue>(
        "JSON_AS_ASCII", ConfigTypes.Anything,
        "Whether Flask escapes what is not ASCII in its answers. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    });

    public static SchemaKey<ConfigValue> AllowBatches { get; } = All.Add(new SchemaKey<ConfigValue>(
        "ALLOW_BATCHES", ConfigTypes.Anything,
        "Whether JSON-RPC batches are allowed. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "false",
    });

    public static SchemaKey<ConfigValue> SecretKey { get; } = All.Add(new SchemaKey<ConfigValue>(
        "SECRET_KEY", ConfigTypes.Anything,
        "Flask's key for sessions. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        IsSecret = true,
        Example = "change-me",
    });

    public static SchemaKey<ConfigValue> SwaggerUi { get; } = All.Add(new SchemaKey<ConfigValue>(
        "swagger_ui", ConfigTypes.Anything,
        "The service's Swagger page. The service's own; kept and passed over.")
    {
        IsPassedOver = true,
        Effect = ConfigChangeEffect.Hot,
        Example = "true",
    });
}
