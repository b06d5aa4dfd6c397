namespace ServiceCtl.Contracts;

/// <summary>A key of a service's configuration that has another value than before.</summary>
public sealed record ConfigChange
{
    /// <summary>Its dotted path.</summary>
    public required string Key { get; init; }

    /// <summary>What has to happen for the new value to count.</summary>
    public required ConfigChangeEffect Effect { get; init; }

    public override string ToString() => $"{Key} ({Effect})";
}
