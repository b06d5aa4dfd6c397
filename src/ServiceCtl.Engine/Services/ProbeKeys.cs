using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services;

/// <summary>The keys of a page that is asked for, the same in <c>service.ready</c> and <c>service.health</c>.</summary>
public sealed class ProbeKeys
{
    private ProbeKeys(string section, string page, string? usual)
    {
        Http = new($"{section}.http", ConfigTypes.HttpTarget, page)
        {
            DefaultNote = usual,
            Example = "/ping",
        };
        Method = new($"{section}.method", ConfigTypes.Choice("GET", "HEAD", "POST"), "How the page is asked for.")
        {
            DefaultNote = "`GET`, then `POST` where that is not allowed",
            Example = "HEAD",
        };
        Headers = new($"{section}.headers", ConfigTypes.TextMap, "Headers of the question. `Host` is also the name that a certificate is checked against.")
        {
            Example = "{Host: www.example.com}",
        };
        Status = new($"{section}.status", ConfigTypes.ListOf(ConfigTypes.StatusRange), "The good answers, as `204`, `2xx` or `200-399`.")
        {
            DefaultNote = "every status below 400; where redirects are followed, `2xx`",
            Example = "[2xx, 401]",
        };
        Verify = new($"{section}.verify", ConfigTypes.Boolean, "Whether the certificate of an `https` page has to be trusted and to be for this host.")
        {
            Default = "true",
        };
        Ca = new($"{section}.ca", ConfigTypes.FilePath, "The certificates of the authorities that are trusted, in a PEM file; a certificate that signs itself is its own authority.")
        {
            DefaultNote = "the system's",
            Example = "/etc/ssl/our-ca.pem",
        };
        Redirects = new($"{section}.redirects", ConfigTypes.Integer(0, 20), "Redirects that are followed. With 0, a redirect is an answer like any other.")
        {
            Default = "0",
        };
    }

    public static ProbeKeys Ready { get; } = new(
        "service.ready",
        "Ready when this page answers as it should: a path on the service's own address, or a URL. A URL of the service's own address is asked of the launch that is to become ready.",
        "`/ping`, unless another key of `service.ready` says how readiness shows");

    public static ProbeKeys Health { get; } = new(
        "service.health", "The page that is asked while the service runs: a path on the service's own address, or a URL.", "`/ping`");

    public SchemaKey<string> Http { get; }

    public SchemaKey<string> Method { get; }

    public SchemaKey<IReadOnlyDictionary<string, string>> Headers { get; }

    public SchemaKey<IReadOnlyList<StatusRange>> Status { get; }

    public SchemaKey<bool> Verify { get; }

    public SchemaKey<string> Ca { get; }

    public SchemaKey<int> Redirects { get; }

    /// <summary>Those beside the page itself.</summary>
    public IReadOnlyList<SchemaKey> All => [Method, Headers, Status, Verify, Ca, Redirects];
}
