namespace ServiceCtl.Contracts;

/// <summary>What became of making one service known.</summary>
public sealed record RegistrationResult
{
    /// <summary>Absolute path of the folder or configuration file that was to be registered.</summary>
    public required string Path { get; init; }

    /// <summary>The service as it is known; null when it could not be registered.</summary>
    public PyService? Service { get; init; }

    /// <summary>Why it could not be; null when it is known.</summary>
    public ErrorReport? Error { get; init; }
}
