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

    /// <summary>The kernel killed it for want of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>It died of an exception of this type, or has one in its log.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>It printed this line; with an end, as one of its last.</summary>
    public string? LogLine { get; init; }

    /// <summary>This service has failed, which it requires.</summary>
    public string? Dependency { get; init; }
}
