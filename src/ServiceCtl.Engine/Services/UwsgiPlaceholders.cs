using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// What uWSGI makes of a value when it reads its configuration: first <c>%</c> with a letter in the whole text, then <c>%(name)</c>, where
/// every option is a name. The letters for a file mean the configuration's own path, not the place in the run folder that it is read from.
/// </summary>
/// <remarks>https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html#magic-variables; core/utils.c, magic_sub.</remarks>
internal sealed class UwsgiPlaceholders
{
    private const int Depth = 8;

    private static readonly string[] Setters = ["set-placeholder", "set-ph", "set"];

    private readonly UwsgiSection _section;
    private readonly string _folder;
    private readonly string _path;

    /// <param name="section">The options.</param>
    /// <param name="folder">The service's; uWSGI is started there.</param>
    public UwsgiPlaceholders(UwsgiSection section, string folder)
    {
        _section = section;
        _folder = folder;
        _path = section.ConfigFile ?? Path.Combine(folder, section.FileName);
    }

    /// <summary>The value that uWSGI will have; what nobody but uWSGI knows (the time) is left out of it.</summary>
    public string Resolve(string value) => ResolveNames(ReplaceLetters(value, letter => OfFile(letter) ?? OfHost(letter) ?? ""), Depth);

    /// <summary>
    /// The value as it is written into the file that uWSGI reads: the letters for that file are replaced, all others are uWSGI's. A last
    /// <c>%</c> means itself, and would take the line's end for its letter.
    /// </summary>
    public string Write(string value) => ReplaceLetters(value, letter => letter switch
    {
        '\0' => "%%",
        _ when OfFile(letter) is { } text => text.Replace("%", "%%", StringComparison.Ordinal),
        _ => $"%{letter}",
    });

    /// <summary>Is the key only a name that other values use?</summary>
    public static bool IsName(UwsgiSection section, string key) => section.Options.Any(option => NamesIn(option.Value).Contains(key));

    private static IEnumerable<string> NamesIn(string value)
    {
        for (var start = value.IndexOf("%(", StringComparison.Ordinal); start >= 0; start = value.IndexOf("%(", start + 2,
            StringComparison.Ordinal))
        {
            var end = value.IndexOf(')', start);
            foreach (var word in end < 0 ? [] : value[(start + 2)..end].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return word;
        }
    }

    private static string ReplaceLetters(string value, Func<char, string> replace)
    {
        if (!value.Contains('%'))
            return value;
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
                text.Append(value[i]);
            else
                text.Append(replace(++i < value.Length ? value[i] : '\0'));
        }

        return text.ToString();
    }

    private string? OfFile(char letter) => letter switch
    {
        'p' or 'P' => _path,
        'd' or 'D' => Path.GetDirectoryName(_path)!.TrimEnd('/') + "/",
        'c' or 'C' => Path.GetFileName(Path.GetDirectoryName(_path)),
        's' or 'S' or 'o' or 'O' => Path.GetFileName(_path),
        'n' or 'N' => Path.GetFileNameWithoutExtension(_path),
        'e' or 'E' => Path.GetExtension(_path).TrimStart('.'),
        'j' or 'J' => Hash(_path),
        >= '0' and <= '9' => _path.Split('/', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(letter - '0') ?? "",
        _ => null,
    };

    private string? OfHost(char letter) => letter switch
    {
        '%' or '\0' => "%",
        '(' => "%(",
        'h' => Environment.MachineName,
        'k' => Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        'u' => Processes.PeerCredentials.OwnUid.ToString(CultureInfo.InvariantCulture),
        'U' => Environment.UserName,
        'v' => _folder,
        _ => null,
    };

    /// <summary>As uWSGI hashes names: Bernstein's, with exclusive or.</summary>
    private static string Hash(string text)
    {
        var hash = 5381u;
        foreach (var part in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash << 5) + hash) ^ part;
        return hash.ToString("X", CultureInfo.InvariantCulture);
    }

    private string ResolveNames(string value, int depth)
    {
        var start = value.IndexOf("%(", StringComparison.Ordinal);
        var end = start < 0 ? -1 : value.IndexOf(')', start);
        if (end < 0 || depth == 0)
            return value;
        var name = value[(start + 2)..end];
        var rest = ResolveNames(value[(end + 1)..], depth);
        // What nobody has set stays as it is.
        return value[..start] + (Of(name) is { } text ? ResolveNames(text, depth - 1) : value[start..(end + 1)]) + rest;
    }

    private string? Of(string name)
    {
        foreach (var option in _section.Options)
        {
            if (option.Name == name)
                return ReplaceLetters(option.Value, letter => OfFile(letter) ?? OfHost(letter) ?? "");
            if (Setters.Contains(option.Name) && option.Value.StartsWith(name + "=", StringComparison.Ordinal))
                return ReplaceLetters(option.Value[(name.Length + 1)..], letter => OfFile(letter) ?? OfHost(letter) ?? "");
        }

        return name.Contains(' ') ? Calculate(name) : null;
    }

    /// <summary>As in <c>%(port + 1)</c>: from left to right, words beside each other are joined.</summary>
    private string Calculate(string words)
    {
        var value = "";
        var operation = "";
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "+" or "-" or "*" or "/")
            {
                operation = word;
                continue;
            }

            if (word is "++" or "--")
            {
                value = Apply(value, word[..1], "1");
                continue;
            }

            value = Apply(value, operation, word.All(char.IsAsciiDigit) ? word : Of(word) ?? "");
            operation = "";
        }

        return value;
    }

    private static string Apply(string left, string operation, string right)
    {
        if (operation.Length == 0)
            return left + right;
        var (one, other) = (NumberOf(left), NumberOf(right));
        return (operation switch
        {
            "+" => one + other,
            "-" => one - other,
            "*" => one * other,
            _ => other == 0 ? 0 : one / other,
        }).ToString(CultureInfo.InvariantCulture);
    }

    private static long NumberOf(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
