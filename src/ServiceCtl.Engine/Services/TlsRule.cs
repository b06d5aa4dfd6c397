using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// How a service that speaks TLS is asked on its own address by those who have no rule of their own: tests, scrapes, Consul. As its health
/// page is, and without one as its readiness page.
/// </summary>
/// <param name="Host">The name that its certificate is for; null for its address.</param>
/// <param name="Verify">Has the certificate to be right?</param>
/// <param name="CaFile">The authorities to trust, in a PEM file; null for the system's.</param>
public sealed record TlsRule(string? Host, bool Verify, string? CaFile)
{
    public static TlsRule Of(ServiceDefinition definition)
    {
        var pages = PagesOf(definition).Where(page => page.Url is null || page.Url.Scheme == Uri.UriSchemeHttps).ToList();
        var rule = pages is [var first, ..] ? first.Rule : ProbeRule.Usual;
        return new TlsRule(pages.Find(page => page.Url is not null).Url?.Host, rule.Verify, rule.CaFile);
    }

    /// <summary>Does a page of the service say that it speaks TLS on this address?</summary>
    public static bool IsSpokenOn(ListenAddress address, ServiceDefinition definition) => address.EndPoint is { Port: var port }
        && PagesOf(definition).Any(page => page.Url is { } url && url.Scheme == Uri.UriSchemeHttps && url.Port == port);

    /// <returns>Without a URL where only a path is written.</returns>
    private static IEnumerable<(Uri? Url, ProbeRule Rule)> PagesOf(ServiceDefinition definition)
    {
        if (definition.Health is { } health)
            yield return (UrlOf(health.HttpPath), health.Probe);
        if (definition.Ready.HttpPath is { } page)
            yield return (UrlOf(page), definition.Ready.Probe);
    }

    private static Uri? UrlOf(string page) => page.StartsWith('/') ? null : new Uri(page);
}
