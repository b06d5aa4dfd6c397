namespace ServiceCtl.Contracts;

/// <summary>What a configuration template is to hold.</summary>
public sealed record ConfigTemplateRequest
{
    public ConfigFormat Format { get; init; }

    /// <summary>Only the keys that a service can't do without, instead of all.</summary>
    public bool RequiredOnly { get; init; }

    public ConfigPlaceholder Placeholder { get; init; }

    /// <summary>Whether each key is explained above it.</summary>
    public bool Comments { get; init; } = true;

    /// <summary>Of variables: <c>APP</c> for <c>APP__LOCAL_PORT</c>; null for none.</summary>
    public string? Prefix { get; init; }

    /// <summary>A service's folder or configuration file, whose own schema is to be in it; null for ServiceCtl's keys alone.</summary>
    public string? Path { get; init; }
}
