namespace ServiceCtl.Contracts;

/// <summary>What became of one order to one service.</summary>
public sealed record OperationResult
{
    public required string Service { get; init; }

    public required ServiceAction Action { get; init; }

    public required OperationOutcome Outcome { get; init; }

    /// <summary>The outcome in a sentence, with the pid, address and log file where they matter.</summary>
    public required string Message { get; init; }

    /// <summary>
    /// Why this service was ordered about where nobody named it: <c>billing requires it.</c> Null for one that was named.
    /// </summary>
    public string? Because { get; init; }

    /// <summary>Things worth knowing that did not stop the order.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>The service afterwards.</summary>
    public PyService? After { get; init; }

    /// <summary>Why it failed; null unless <see cref="Outcome"/> is <see cref="OperationOutcome.Failed"/>.</summary>
    public ErrorReport? Error { get; init; }

    /// <summary>The host that it comes from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }
}
