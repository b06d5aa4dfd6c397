namespace ServiceCtl.Engine.Services;

/// <summary>Where the integration tests get their token.</summary>
public sealed record AuthRule
{
    public bool IsUsed { get; init; }

    /// <summary>Whether this is production, where tokens come from elsewhere.</summary>
    public bool IsProduction { get; init; }

    /// <summary>As written; null where nothing is.</summary>
    public string? Uri { get; init; }

    /// <summary>The key that says where.</summary>
    public string KeyOfUri => IsProduction ? "AUTH_URI_PROD" : "AUTH_URI";
}
