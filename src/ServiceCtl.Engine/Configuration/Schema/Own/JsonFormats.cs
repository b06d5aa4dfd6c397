using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>The formats of JSON Schema that are checked. https://json-schema.org/draft/2020-12/json-schema-validation#section-7.3</summary>
internal static class JsonFormats
{
    private static readonly Dictionary<string, Func<string, bool>> Checks = new(StringComparer.Ordinal)
    {
        ["date"] = text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ["date-time"] = text =>
            text.Contains('T', StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        ["email"] = text =>
            text.IndexOf('@', StringComparison.Ordinal) is var at && at > 0 && at < text.Length - 1 && !text.Any(char.IsWhiteSpace),
        ["hostname"] = text => Uri.CheckHostName(text) == UriHostNameType.Dns,
        ["ipv4"] = text =>
            IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork
                && text.Count(character => character == '.') == 3,
        ["ipv6"] = text => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        ["regex"] = IsPattern,
        ["uri"] = text =>
            Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.Contains(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase),
    };

    public static IReadOnlyCollection<string> Names => Checks.Keys;

    public static bool IsValid(string format, string text) => !Checks.TryGetValue(format, out var check) || check(text);

    private static bool IsPattern(string text)
    {
        try
        {
            _ = ConfiguredPattern.Compile(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
