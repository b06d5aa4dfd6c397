using System.Text;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>
/// The variables that a compose file may name: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME:?message}</c>,
/// <c>${NAME:+other}</c>, the same without the colon; <c>$$</c> is a dollar.
/// </summary>
internal sealed class ComposeVariables
{
    /// <summary>Defaults within defaults; nobody writes more.</summary>
    private const int MostNested = 20;

    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly ProblemList _problems;
    private readonly ProblemList _warnings;

    /// <param name="values">Who has which.</param>
    /// <param name="problems">Hears of what can't be read.</param>
    /// <param name="warnings">Hears of variables that are not set.</param>
    public ComposeVariables(IReadOnlyDictionary<string, string> values, ProblemList problems, ProblemList warnings)
    {
        _values = values;
        _problems = problems;
        _warnings = warnings;
    }

    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>The same values with what their variables hold. Keys stay as they are.</summary>
    public ConfigValue Resolve(ConfigValue value) => value switch
    {
        ConfigMapping mapping => new ConfigMapping(
            mapping.Entries.Select(entry => entry with { Value = Resolve(entry.Value) }), mapping.Origin),
        ConfigSequence sequence => new ConfigSequence([.. sequence.Items.Select(Resolve)], sequence.Origin),
        ConfigScalar scalar when scalar.Text.Contains('$') =>
            new ConfigScalar(Resolve(scalar.Text, scalar.Origin, depth: 0), ScalarKind.Text, scalar.Origin, isQuoted: true),
        _ => value,
    };

    private string Resolve(string text, Origin origin, int depth)
    {
        var resolved = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '$')
            {
                resolved.Append(text[at++]);
                continue;
            }

            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (next == '$')
            {
                resolved.Append('$');
                at += 2;
            }
            else if (next == '{' && depth < MostNested && End(text, at + 2) is var end and > 0)
            {
                resolved.Append(Braced(text[(at + 2)..end], origin, depth));
                at = end + 1;
            }
            else if (NameLength(text, at + 1) is var length and > 0)
            {
                resolved.Append(ValueOf(text.Substring(at + 1, length), origin));
                at += 1 + length;
            }
            else
            {
                _problems.Add(origin, key: null, $"`{text}` has a `$` that begins no variable.", "Write `$$` for a dollar.");
                return text;
            }
        }

        return resolved.ToString();
    }

    private string Braced(string inside, Origin origin, int depth)
    {
        var length = NameLength(inside, 0);
        var (name, rest) = (inside[..length], inside[length..]);
        var hasColon = rest.StartsWith(':');
        var sign = hasColon ? rest.ElementAtOrDefault(1) : rest.FirstOrDefault();
        if (length == 0 || (rest.Length > 0 && sign is not ('-' or '?' or '+')))
        {
            _problems.Add(origin, key: null, $"`${{{inside}}}` is no variable.",
                "Write `${NAME}`, `${NAME:-default}`, `${NAME:?message}` or `${NAME:+other}`; `$$` for a dollar.");
            return "";
        }

        if (rest.Length == 0)
            return ValueOf(name, origin);
        var word = rest[(hasColon ? 2 : 1)..];
        var isSet = _values.TryGetValue(name, out var value) && (!hasColon || value.Length > 0);
        switch (sign)
        {
            case '+':
                return isSet ? Resolve(word, origin, depth + 1) : "";
            case '?' when !isSet:
                _problems.Add(origin, key: null, $"The variable {name} is not set{(word.Length == 0 ? "." : $": {word}")}",
                    $"Set it in the environment, or in the file .env beside the compose file.");
                return "";
            default:
                return isSet ? value! : Resolve(word, origin, depth + 1);
        }
    }

    private string ValueOf(string name, Origin origin)
    {
        if (_values.TryGetValue(name, out var value))
            return value;
        _warnings.Add(origin, key: null, $"The variable {name} is not set: nothing stands in its place.",
            "Set it in the environment, or in the file .env beside the compose file, and import again.");
        return "";
    }

    /// <summary>Where the bracket that is open here is closed; -1 for nowhere.</summary>
    private static int End(string text, int from)
    {
        var open = 1;
        for (var at = from; at < text.Length; at++)
        {
            open += text[at] == '{' && text[at - 1] == '$' ? 1 : text[at] == '}' ? -1 : 0;
            if (open == 0)
                return at;
        }

        return -1;
    }

    private static int NameLength(string text, int from)
    {
        var to = from;
        while (to < text.Length && (char.IsAsciiLetter(text[to]) || text[to] == '_' || (to > from && char.IsAsciiDigit(text[to]))))
            to++;
        return to - from;
    }
}
