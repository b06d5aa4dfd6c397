using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Configuration.Masking;

/// <summary>What a secret looks like where no schema says so: by its name, or as the credentials in a URL.</summary>
public static partial class SecretPattern
{
    /// <summary>Stands for a secret, of whatever length.</summary>
    public const string Mask = "********";

    /// <summary>password, passwd, passw, secret, token, credential, api_key or private_key in any part of the name.</summary>
    public static bool IsSecretName(string name) => NamePattern().IsMatch(name);

    /// <summary><c>redis://user:pass@host</c> becomes <c>redis://user:********@host</c>.</summary>
    public static string MaskUrls(string text) =>
        text.Contains("://", StringComparison.Ordinal) ? UrlPattern().Replace(text, $"$1{Mask}@") : text;

    [GeneratedRegex("passw|secret|token|credential|api[_-]?key|private[_-]?key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    // A password may hold an unescaped @, so everything up to the last one before the host ends belongs to it.
    // The scheme has a limit, without which a line of a million letters is read from each of them to its end.
    [GeneratedRegex("""([a-zA-Z][a-zA-Z0-9+.-]{0,31}://[^\s:/@"']*:)[^\s/"']*@""", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPattern();
}
