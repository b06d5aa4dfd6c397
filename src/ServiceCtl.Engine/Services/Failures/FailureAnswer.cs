namespace ServiceCtl.Engine.Services.Failures;

/// <summary>
/// What clients are answered while the service is away for this reason; what is not given is as <c>service.respond</c> says.
/// </summary>
public sealed record FailureAnswer
{
    public int? Status { get; init; }

    /// <summary>What <c>{code}</c> means in the body; null: the rule's code.</summary>
    public string? Code { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? ContentType { get; init; }

    /// <summary>With placeholders, as all texts of rules.</summary>
    public string? Body { get; init; }
}
