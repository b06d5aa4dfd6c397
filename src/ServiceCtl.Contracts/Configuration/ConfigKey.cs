namespace ServiceCtl.Contracts;

/// <summary>A key that may stand in a configuration, for completion.</summary>
public sealed record ConfigKey
{
    /// <summary>Dotted, from the root.</summary>
    public required string Key { get; init; }

    /// <summary>What it holds: "an integer from 1 to 65535".</summary>
    public required string Holds { get; init; }

    public required string Description { get; init; }

    /// <summary>The only values it takes; empty where they can't be listed.</summary>
    public IReadOnlyList<string> Values { get => field ?? []; init; }
}
