using System.Globalization;
using System.Text.Json;

namespace ServiceCtl.Engine.Images;

/// <summary>Values of what <c>inspect</c> prints. The engines leave out, or write as null, what the other one has.</summary>
internal static class InspectJson
{
    public static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    public static string? Text(JsonElement element, params ReadOnlySpan<string> path) =>
        Find(element, path) is { ValueKind: JsonValueKind.String } found && found.GetString() is { Length: > 0 } text ? text : null;

    public static long? Number(JsonElement element, params ReadOnlySpan<string> path) =>
        Find(element, path) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt64(out var number) ? number : null;

    public static bool IsTrue(JsonElement element, params ReadOnlySpan<string> path) =>
        Find(element, path) is { ValueKind: JsonValueKind.True };

    /// <summary>Null for Docker's "never", the year 1.</summary>
    public static DateTimeOffset? Time(JsonElement element, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(Text(element, path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year > 1970 ? time : null;

    public static IReadOnlyList<string> Strings(JsonElement element, params ReadOnlySpan<string> path) => Find(element, path) switch
    {
        { ValueKind: JsonValueKind.Array } found => [.. found.EnumerateArray()
            .Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)],
        { ValueKind: JsonValueKind.String } found => [found.GetString()!],
        _ => [],
    };

    /// <summary>podman writes an image's labels beside its configuration as well.</summary>
    public static IReadOnlyDictionary<string, string> Labels(JsonElement element)
    {
        var found = Find(element, "Config", "Labels") ?? Find(element, "Labels");
        return found is not { ValueKind: JsonValueKind.Object } labels ? new Dictionary<string, string>()
            : labels.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String)
                .ToDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal);
    }
}
