using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>What the agent answers on the service's socket while the service can't (<c>service.respond</c>).</summary>
public sealed record RespondRule
{
    public int Status { get; init; } = RespondKeys.Status.Usual;

    public string ContentType { get; init; } = RespondKeys.ContentType.Usual;

    public string Body { get; init; } = RespondKeys.Body.Usual;

    /// <summary>The <c>Retry-After</c> header.</summary>
    public TimeSpan RetryAfter { get; init; } = RespondKeys.RetryAfter.Usual;
}
