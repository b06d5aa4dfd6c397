using System.Text.Json;

namespace ServiceCtl.Engine.Containers;

/// <summary>An engine's error, as its API sends it: <c>{"message": "…"}</c>.</summary>
internal static class ApiMessage
{
    /// <returns>Null when it has no such form.</returns>
    public static string? Read(string? body)
    {
        try
        {
            using var json = JsonDocument.Parse(body ?? "");
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
