namespace ServiceCtl.Contracts;

/// <summary>What stands where a value belongs in a template.</summary>
public enum ConfigPlaceholder
{
    /// <summary>A right value of the key.</summary>
    Example,

    /// <summary>Nothing; in TOML, which has no nothing, <c>""</c>.</summary>
    Empty,

    /// <summary>Quotes, brackets or braces, by what the key holds.</summary>
    Brackets,

    /// <summary><c>{{ key }}</c>, for a template engine.</summary>
    Template,
}
