namespace ServiceCtl.Contracts;

/// <summary>
/// The uncaught exceptions of one type from one place, or the incidents of one type and request, as <c>exceptions.log</c> holds them.
/// </summary>
public sealed record RelogGroup
{
    /// <summary>Null for logs that were given by their path.</summary>
    public string? Service { get; init; }

    /// <summary>The exception's class, as Python names it; <c>?</c> for tracebacks whose end is missing.</summary>
    public required string Type { get; init; }

    /// <summary>Where it was raised: <c>/srv/app.py:12 in f</c>. Null where the lines of several tracebacks are mixed.</summary>
    public string? Place { get; init; }

    /// <summary>
    /// Whether it was killed, or died: a request that took too long, a worker. Its type is in the server's words then, as <c>HARAKIRI</c>.
    /// </summary>
    public bool IsIncident { get; init; }

    /// <summary>How often, since <c>exceptions.log</c> was emptied.</summary>
    public required long Count { get; init; }

    /// <summary>How often, in what this call has read.</summary>
    public required long New { get; init; }

    /// <summary>Null where the log has no times.</summary>
    public DateTimeOffset? FirstSeen { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>What the newest one says; secrets are masked.</summary>
    public required string Message { get; init; }

    /// <summary>The newest one whole, with what it was raised from; longer ones are cut after 64 KB. Secrets are masked.</summary>
    public required string Traceback { get; init; }

    /// <summary>The newest request that it broke, as <c>POST /orders</c>; null where the log does not say.</summary>
    public string? Request { get; init; }

    /// <summary>The logs it was found in, under the names they had; 50 at most.</summary>
    public IReadOnlyList<string> Files { get => field ?? []; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Place is null ? $"{Count} x {Type}" : $"{Count} x {Type} at {Place}";
}
