using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// The words that <c>service.command</c> gives to a Python server: <c>[gunicorn, --threads, 4, app:app]</c>. Its own name in front may be
/// left out.
/// </summary>
internal sealed class ServerOptions
{
    public ServerOptions(ServiceDefinition definition, string server)
        : this(
            [.. definition.Command.Count > 0 && Path.GetFileName(definition.Command[0]) == server
                ? definition.Command.Skip(1) : definition.Command])
    {
    }

    public ServerOptions(IReadOnlyList<string> words)
    {
        Words = words;
    }

    public IReadOnlyList<string> Words { get; }

    /// <summary>Is one of these options given, as <c>-w 4</c>, <c>-w4</c>, <c>--workers 4</c> or <c>--workers=4</c>?</summary>
    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Words.Any(word => IsOption(word, name)))
                return true;
        }

        return false;
    }

    /// <summary>The last value of an option; null where it is not given.</summary>
    /// <param name="names">As <c>--workers</c>, and as <c>-w</c>.</param>
    public string? ValueOf(params ReadOnlySpan<string> names)
    {
        string? value = null;
        for (var i = 0; i < Words.Count; i++)
        {
            foreach (var name in names)
            {
                if (Words[i] == name)
                    value = i + 1 < Words.Count ? Words[i + 1] : "";
                else if (IsOption(Words[i], name))
                    value = Words[i][name.Length..].TrimStart('=');
            }
        }

        return value;
    }

    /// <summary>All values of an option that may be given several times.</summary>
    /// <inheritdoc cref="ValueOf"/>
    public IReadOnlyList<string> ValuesOf(params IReadOnlyList<string> names) =>
    [
        .. Words.SelectMany((word, i) => names.Where(name => IsOption(word, name)).Take(1)
            .Select(name => word != name ? word[name.Length..].TrimStart('=') : i + 1 < Words.Count ? Words[i + 1] : "")),
    ];

    /// <summary>The words but for an option and its value.</summary>
    public IEnumerable<string> Without(string name)
    {
        for (var i = 0; i < Words.Count; i++)
        {
            if (Words[i] == name)
                i++;
            else if (!IsOption(Words[i], name))
                yield return Words[i];
        }
    }

    /// <summary>Options that say what only the agent may say.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: one is given.</exception>
    public void Refuse(ServiceDefinition definition, string instead, params string[] names)
    {
        if (Array.Find(names, name => Has(name)) is { } given)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name, $"service.command of {definition.Name} has {given}, which the agent has to set.",
                $"Take it out of {definition.ConfigPath}; {instead}.");
        }
    }

    private static bool IsOption(string word, string name) => word == name
        || (name.StartsWith("--", StringComparison.Ordinal)
            ? word.StartsWith(name + "=", StringComparison.Ordinal)
            : word.StartsWith(name, StringComparison.Ordinal) && !word.StartsWith("--", StringComparison.Ordinal));
}
