namespace ServiceCtl.Contracts;

/// <summary>A failure that has not happened.</summary>
public sealed record FailureQuestion
{
    public int? ExitCode { get; init; }

    /// <summary>By name, with or without SIG, or by number.</summary>
    public string? Signal { get; init; }

    /// <summary>It is running, but does not answer its health probe.</summary>
    public bool Unhealthy { get; init; }

    /// <summary>It was not ready yet.</summary>
    public bool WhileStarting { get; init; }

    /// <summary>The kernel killed it because memory ran out.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>It died of an exception of this type; without an end, it logged one and is still running.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>The module that raised the exception, or any other by which a rule can mean it.</summary>
    public string? ExceptionModule { get; init; }

    /// <summary>It printed this line; with an end, among its last.</summary>
    public string? LogLine { get; init; }

    /// <summary>This service, which it requires, has failed.</summary>
    public string? Dependency { get; init; }
}
