namespace ServiceCtl.Contracts;

/// <summary>The formats of configuration files.</summary>
public enum ConfigFormat
{
    Yaml,
    Json,
    Toml,
    Ini,

    /// <summary>Variables, as in an <c>.env</c> file.</summary>
    Env,
}
