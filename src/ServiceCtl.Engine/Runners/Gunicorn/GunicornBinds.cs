using System.Text.RegularExpressions;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>
/// Where a gunicorn service listens: <c>service.listen</c>, or what gunicorn's own configuration says in <c>bind</c>. Sockets that are
/// passed to it win over its binds.
/// </summary>
internal static partial class GunicornBinds
{
    public static IReadOnlyList<ListenAddress> AddressesOf(ServiceDefinition definition) =>
        definition.Listens.Count > 0 ? definition.Listens : Own(definition) is { } own ? Parse(own.Words, definition.Folder) ?? [] : [];

    /// <summary>Does the file say something that is no plain address of this machine?</summary>
    public static bool IsCode(ServiceDefinition definition) => Own(definition) is { } own && Parse(own.Words, definition.Folder) is null;

    /// <summary>What gunicorn's own configuration says, and where; null where it says nothing.</summary>
    public static (string Source, int? Line, IReadOnlyList<string> Words)? Own(ServiceDefinition definition)
    {
        if (GunicornFile.VariableOf(definition) is var variable && variable.Has("--bind", "-b"))
            return ("GUNICORN_CMD_ARGS", null, [.. variable.ValuesOf("--bind", "-b")]);
        if (GunicornFile.Find(definition) is not { } file || Assignment().Matches(file.Text).LastOrDefault() is not { } bind)
            return null;
        var line = file.Text.AsSpan(0, bind.Index).Count('\n') + 1;
        return (file.Path, line, [.. bind.Groups["value"].Captures.Select(value => value.Value)]);
    }

    /// <summary>Does gunicorn speak TLS? Then it does on all its sockets.</summary>
    public static bool IsTls(ServiceDefinition definition) =>
        new ServerOptions(definition, GunicornOptions.Package).Has("--certfile", "--keyfile")
        || GunicornFile.VariableOf(definition).Has("--certfile", "--keyfile")
        || (GunicornFile.Find(definition) is { } file && Certificate().IsMatch(file.Text));

    /// <returns>Null where one of them is no address that can be listened on, or there is none.</returns>
    private static List<ListenAddress>? Parse(IReadOnlyList<string> words, string folder)
    {
        var addresses = new List<ListenAddress>();
        foreach (var word in words.SelectMany(
            word => word.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (!ListenAddress.TryParse(word, folder, out var address))
                return null;
            addresses.Add(address);
        }

        return addresses.Count > 0 ? addresses : null;
    }

    /// <summary>A text, or a list or tuple of texts. Anything else is an assignment without values.</summary>
    [GeneratedRegex(
        """^bind\s*=\s*(?:(?<quote>["'])(?<value>[^"'\r\n]+)\k<quote>\s*(?:#.*)?\r?$|[\[(](?:\s|#.*$|,|(?<item>["'])(?<value>[^"'\r\n]+)\k<item>)*[\])]\s*(?:#.*)?\r?$|)""", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();

    /// <summary>A file is named, be it by code.</summary>
    [GeneratedRegex(
        """^(?:certfile|keyfile)\s*=(?!\s*(?:None|''|"")\s*(?:#.*)?\r?$)""", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Certificate();
}
