namespace ServiceCtl.Contracts;

/// <summary>A failure that has not happened.</summary>
public sealed record FailureQuestion
{
    public int? ExitCode { get; init; }

    /// <summary>By name, with or without SIG, or by number.</summary>
    public string? Signal { get; init; }

    /// <summary>It lives, and does not answer its health probe.</summary>
    public bool Unhealthy { get; init; }

    /// <summary>It was not ready yet.</summary>
    public bool WhileStarting { get; init; }
}
