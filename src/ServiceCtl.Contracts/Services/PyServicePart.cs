namespace ServiceCtl.Contracts;

/// <summary>A service inside a service: an adapter, a model, a client, made when it is first used.</summary>
public sealed record PyServicePart
{
    public required string Name { get; init; }

    /// <summary>Has somebody used it?</summary>
    public bool IsMade { get; init; }

    /// <summary>What it requires.</summary>
    public IReadOnlyList<string> Requires { get => field ?? []; init; }

    public override string ToString() =>
        Name + (IsMade ? "" : " (not used yet)") + (Requires.Count > 0 ? $" requires {string.Join(", ", Requires)}" : "");
}
