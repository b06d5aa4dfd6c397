namespace ServiceCtl.Contracts;

/// <summary>The last answer of a service to its health probe.</summary>
public sealed record HealthReport
{
    /// <summary>When it was asked.</summary>
    public required DateTimeOffset At { get; init; }

    public required bool Good { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Question and answer: <c>GET http://127.0.0.1:8001/ping answered 200</c>.</summary>
    public required string Words { get; init; }

    /// <summary>From the question to the answer, or to giving up.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>Bad answers in a row, this one included.</summary>
    public int Failures { get; init; }

    public override string ToString() => $"{Words} after {Latency.TotalMilliseconds:0} ms";
}
