using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServiceCtl.Engine.Configuration.Masking;

/// <summary>
/// How a secret may look in a text: as it is, each of its lines by itself, encoded for a URL, for JSON, in base64 (alone, or behind
/// something else as in
/// <c>user:password</c>).
/// </summary>
internal static class SecretForms
{
    /// <summary>Lines and encodings of less would be found where they are something else.</summary>
    private const int ShortestLine = 8;

    private const int ShortestEncoded = 6;

    /// <summary>Lines that are the same in all keys and certificates.</summary>
    private const string Armour = "-----";

    public static IEnumerable<string> Of(string secret) => All(secret).Where(form => form.Length > 0).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> All(string secret)
    {
        yield return secret;
        if (secret.AsSpan().IndexOfAny('\n', '\r') >= 0)
        {
            yield return secret.TrimEnd('\r', '\n');
            foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries))
            {
                if (line.Length >= ShortestLine && !line.StartsWith(Armour, StringComparison.Ordinal))
                    yield return line;
            }
        }

        if (secret.Length < ShortestEncoded)
            yield break;
        foreach (var form in Urls(secret).Concat(Json(secret)).Concat(Base64(Encoding.UTF8.GetBytes(secret))))
            yield return form;
    }

    /// <summary>Encoders differ in the space, the slash and the case of hexadecimal digits.</summary>
    private static IEnumerable<string> Urls(string secret)
    {
        var encoded = Uri.EscapeDataString(secret);
        string[] upper = [encoded, encoded.Replace("%20", "+", StringComparison.Ordinal),
            encoded.Replace("%2F", "/", StringComparison.Ordinal)];
        return upper.Concat(upper.Select(LowerHex));
    }

    private static string LowerHex(string encoded)
    {
        var letters = encoded.ToCharArray();
        for (var at = encoded.IndexOf('%'); at >= 0; at = encoded.IndexOf('%', at + 1))
            (letters[at + 1], letters[at + 2]) = (char.ToLowerInvariant(encoded[at + 1]), char.ToLowerInvariant(encoded[at + 2]));
        return new string(letters);
    }

    /// <summary>
    /// Writers of JSON differ in what they escape beyond what has to be: nothing, all that is not ASCII, what HTML knows.
    /// </summary>
    private static IEnumerable<string> Json(string secret)
    {
        var least = JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
        yield return least;
        yield return string.Concat(
            least.Select(
                letter => letter <= '~' ? letter.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")));
        yield return JsonEncodedText.Encode(secret).Value;
        yield return least.Replace("/", "\\/", StringComparison.Ordinal);
    }

    /// <summary>
    /// Three bytes are four characters, so that what comes before decides which of three texts a secret becomes; its edges belong to the
    /// neighbours.
    /// </summary>
    private static IEnumerable<string> Base64(byte[] secret)
    {
        yield return Convert.ToBase64String(secret);
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. secret]);
            var core = text[(before == 0 ? 0 : before + 1)..((before + secret.Length) * 8 / 6)];
            yield return core;
            yield return core.Replace('+', '-').Replace('/', '_');
        }
    }
}
