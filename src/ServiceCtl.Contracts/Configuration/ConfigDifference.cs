namespace ServiceCtl.Contracts;

/// <summary>A key that has another value in one configuration than in the other. Secrets are masked.</summary>
public sealed record ConfigDifference
{
    /// <summary>Its dotted path.</summary>
    public required string Key { get; init; }

    /// <summary>As it is now; null where the key is not there.</summary>
    public string? Before { get; init; }

    /// <summary>As it would be; null where the key would go.</summary>
    public string? After { get; init; }

    public override string ToString() => (Before, After) switch
    {
        (null, _) => $"+ {Key}: {After}",
        (_, null) => $"- {Key}: {Before}",
        _ => $"~ {Key}: {Before} -> {After}",
    };
}
