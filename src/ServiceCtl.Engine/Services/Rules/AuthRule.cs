using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Where the integration tests get their token.</summary>
public sealed record AuthRule
{
    public bool IsUsed { get; init; } = AuthKeys.UsingAuth.Usual;

    /// <summary>Whether this is production, where tokens come from elsewhere.</summary>
    public bool IsProduction { get; init; } = AuthKeys.DeployProd.Usual;

    /// <summary>As written; null where nothing is.</summary>
    public string? Uri { get; init; }

    /// <summary>The key that says where.</summary>
    public string KeyOfUri => IsProduction ? AuthKeys.AuthUriProd.Path : AuthKeys.AuthUri.Path;
}
