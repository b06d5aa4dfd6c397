namespace ServiceCtl.Engine.Services;

/// <summary>What the agent answers on the service's socket while the service can't (<c>service.respond</c>).</summary>
public sealed record RespondRule
{
    public int Status { get; init; } = 503;

    public string ContentType { get; init; } = "text/plain; charset=utf-8";

    public string Body { get; init; } = "The service is not available at the moment.\n";

    /// <summary>The <c>Retry-After</c> header.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);
}
