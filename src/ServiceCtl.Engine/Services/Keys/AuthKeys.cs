using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Where the integration tests get their token: keys of the predecessor's.</summary>
public static class AuthKeys
{
    internal static KeyList All { get; } = new();

    public static SchemaKey<bool> DeployProd { get; } = All.Add(new SchemaKey<bool>(
        "DEPLOY_PROD", ConfigTypes.Boolean,
        "Whether this is production: decides between `AUTH_URI_PROD` and `AUTH_URI`.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    });

    public static SchemaKey<string> AuthUri { get; } = All.Add(new SchemaKey<string>(
        "AUTH_URI", ConfigTypes.Text,
        "Where the integration tests get their token.")
    {
        Effect = ConfigChangeEffect.None,
        Example = "http://auth.test/token",
    });

    public static SchemaKey<string> AuthUriProd { get; } = All.Add(new SchemaKey<string>(
        "AUTH_URI_PROD", ConfigTypes.Text,
        "The same in production.")
    {
        Effect = ConfigChangeEffect.None,
        Example = "https://auth.example.com/token",
    });

    public static SchemaKey<bool> UsingAuth { get; } = All.Add(new SchemaKey<bool>(
        "USING_AUTH", ConfigTypes.Boolean,
        "Whether the integration tests need a token.")
    {
        Effect = ConfigChangeEffect.None,
        Default = "false",
    });
}
