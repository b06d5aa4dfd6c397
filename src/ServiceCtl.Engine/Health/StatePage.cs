using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;

namespace ServiceCtl.Engine.Health;

/// <summary>Reads the page <c>/internal/state</c> of a service. What is missing or of another kind is left out.</summary>
internal static class StatePage
{
    private const int MostItems = 200;

    private const int LongestText = 300;

    private const int LongestConfiguration = 64 * 1024;

    /// <param name="content">JSON, as the service has written it.</param>
    /// <param name="mask">Knows the service's secrets.</param>
    public static PyServiceInside Read(ReadOnlyMemory<byte> content, SecretMask mask)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException error)
        {
            return new PyServiceInside { Problem = $"The page is not JSON: {error.Message}" };
        }

        using (document)
        {
            try
            {
                return document.RootElement.ValueKind is JsonValueKind.Object
                    ? new Reader(mask).Read(document.RootElement) : new PyServiceInside { Problem = "The page is not a JSON object." };
            }
            catch (InvalidOperationException error)
            {
                // Half of a surrogate pair, which JSON can write and no text has.
                return new PyServiceInside { Problem = $"The page holds what is no text: {error.Message}" };
            }
        }
    }

    private sealed class Reader(SecretMask mask)
    {
        public PyServiceInside Read(JsonElement page) => new()
        {
            Version = Text(page, "version"),
            Pid = page.TryGetProperty("pid", out var pid) && pid.ValueKind is JsonValueKind.Number && pid.TryGetInt32(out var number)
                ? number : null,
            Tasks = [.. Items(page, "tasks").Select(ReadTask)],
            Handlers =
            [
                .. Items(page, "handlers").Select(item => new PyServiceHandler
                {
                    Event = Text(item, "event") ?? "",
                    Name = Text(item, "name"),
                    Place = Text(item, "place"),
                }),
            ],
            Parts =
            [
                .. Items(page, "services").Select(item => new PyServicePart
                {
                    Name = Text(item, "name") ?? "",
                    IsMade = item.TryGetProperty("made", out var made) && made.ValueKind is JsonValueKind.True,
                    Requires = [.. Texts(item, "requires")],
                }),
            ],
            Certificates =
            [
                .. Items(page, "certificates").Select(item => new PyServiceCertificate
                {
                    Path = Text(item, "path") ?? "",
                    Expires = item.TryGetProperty("expires", out var expires) && expires.ValueKind is JsonValueKind.String
                        && expires.TryGetDateTimeOffset(out var time) ? time : null,
                    Problem = Text(item, "error"),
                }),
            ],
            Configuration = page.TryGetProperty("configuration", out var configuration) && configuration.ValueKind is JsonValueKind.Object
                ? Cut(mask.MaskText(configuration.GetRawText()), LongestConfiguration) : null,
        };

        private PyServiceTask ReadTask(JsonElement item) => new()
        {
            Name = Text(item, "name") ?? "",
            Event = Text(item, "event"),
            Since = Time(item, "since"),
            Next = Time(item, "next"),
            Runs = item.TryGetProperty("runs", out var runs) && runs.ValueKind is JsonValueKind.Number && runs.TryGetInt64(out var count)
                ? count : 0,
        };

        private static IEnumerable<JsonElement> Items(JsonElement page, string name) =>
            page.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
                ? list.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.Object).Take(MostItems) : [];

        private IEnumerable<string> Texts(JsonElement item, string name) =>
            item.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
                ? list.EnumerateArray().Where(one => one.ValueKind is JsonValueKind.String).Take(MostItems).Select(Clean) : [];

        private string? Text(JsonElement item, string name) =>
            item.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? Clean(text) : null;

        private string Clean(JsonElement text) => Cut(mask.MaskText(text.GetString()!), LongestText);

        /// <summary>Seconds since 1970, as Python has them.</summary>
        private static DateTimeOffset? Time(JsonElement item, string name) =>
            item.TryGetProperty(name, out var time) && time.ValueKind is JsonValueKind.Number && time.TryGetDouble(out var seconds)
                && seconds is > 0 and < 1e11 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

        private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest] + "…";
    }
}
