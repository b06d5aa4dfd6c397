using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>The keys of a page that is asked for, the same in <c>service.ready</c> and <c>service.health</c>.</summary>
public sealed class ProbeKeys
{
    /// <summary>The page where nothing says another.</summary>
    public const string UsualPage = "/ping";

    internal ProbeKeys(KeyList list, string section, string page, string usual)
    {
        Http = list.Add(new SchemaKey<string>($"{section}.http", ConfigTypes.HttpTarget, page)
        {
            DefaultNote = usual,
            Example = UsualPage,
        });
        Method = list.Add(
            new SchemaKey<string>($"{section}.method", ConfigTypes.Choice("GET", "HEAD", "POST"), "How the page is asked for.")
            {
                DefaultNote = "`GET`, then `POST` where that is not allowed",
                Example = "HEAD",
            });
        Headers = list.Add(
            new SchemaKey<IReadOnlyDictionary<string, string>>($"{section}.headers", ConfigTypes.TextMap,
                "Headers of the question. `Host` is also the name that a certificate is checked against.")
            {
                Example = "{Host: www.example.com}",
            });
        Status = list.Add(
            new SchemaKey<IReadOnlyList<StatusRange>>($"{section}.status", ConfigTypes.ListOf(ConfigTypes.StatusRange),
                "The good answers, as `204`, `2xx` or `200-399`.")
            {
                DefaultNote = "every status below 400; where redirects are followed, `2xx`",
                Example = "[2xx, 401]",
            });
        Verify = list.Add(
            new SchemaKey<bool>($"{section}.verify", ConfigTypes.Boolean,
                "Whether the certificate of an `https` page has to be trusted and to be for this host.")
            {
                Default = "true",
            });
        Ca = list.Add(
            new SchemaKey<string>($"{section}.ca", ConfigTypes.FilePath,
                "The certificates of the authorities that are trusted, in a PEM file; a certificate that signs itself is its own "
                    + "authority.")
            {
                DefaultNote = "the system's",
                Example = "/etc/ssl/our-ca.pem",
            });
        Redirects = list.Add(
            new SchemaKey<int>($"{section}.redirects", ConfigTypes.Integer(0, 20),
                "Redirects that are followed. With 0, a redirect is an answer like any other.")
            {
                Default = "0",
            });
    }

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
