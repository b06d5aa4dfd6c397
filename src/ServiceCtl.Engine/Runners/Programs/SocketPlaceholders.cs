using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>
/// What a command says about its sockets: <c>{fd}</c> is the number of the passed one, <c>{address}</c>, <c>{host}</c> and <c>{port}</c>
/// are where the service listens; <c>{fd2}</c> and so on are those of its second address. Other braces are the program's own.
/// </summary>
internal static partial class SocketPlaceholders
{
    private const string Descriptor = "fd";

    /// <summary>Does the command take a socket by its number?</summary>
    public static bool NamesDescriptor(IReadOnlyList<string> command) =>
        command.Any(word => Placeholder().Matches(word).Any(match => match.Groups["what"].Value == Descriptor));

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: something is named that this service
    /// hasn't.</exception>
    public static IReadOnlyList<string> Replace(ServiceDefinition definition, IReadOnlyList<string> command, bool hasSocket) =>
        [.. command.Select(word => Placeholder().Replace(word, match => ValueOf(definition, match, hasSocket)))];

    /// <summary>The same for a program in a container of its own, which listens there on these ports of all addresses.</summary>
    /// <inheritdoc cref="Replace"/>
    public static IReadOnlyList<string> ReplaceInside(
        ServiceDefinition definition, IReadOnlyList<string> command, IReadOnlyList<int> ports, bool hasSocket) =>
        Replace(
            ports.Count == 0 ? definition : definition with
            {
                Listen = ListenAddress.OnAll(ports[0]),
                AlsoListens = [.. ports.Skip(1).Select(ListenAddress.OnAll)],
            },
            command, hasSocket);

    private static string ValueOf(ServiceDefinition definition, Match match, bool hasSocket)
    {
        var what = match.Groups["what"].Value;
        var index = match.Groups["which"] is { Success: true, Value: var which } ? int.Parse(which, CultureInfo.InvariantCulture) - 1 : 0;
        if (what == Descriptor && !hasSocket)
            throw Missing(definition, match.Value, definition.Listen is null ? "it listens nowhere" : "its socket is its own",
                "set service.listen, and service.socket to pass");
        if (index >= definition.Listens.Count)
            throw Missing(definition, match.Value,
                definition.Listen is null ? "it listens nowhere" : $"it has {definition.Listens.Count} of these", "set service.listen");
        var address = definition.Listens[index];
        return what switch
        {
            Descriptor => (LaunchRequest.FirstDescriptor + index).ToString(CultureInfo.InvariantCulture),
            "address" => address.ToString(),
            _ when address.EndPoint is null => throw Missing(definition, match.Value, "it listens on a Unix socket", "set service.listen"),
            "host" => address.EndPoint.Address.ToString(),
            _ => address.EndPoint.Port.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static ServiceCtlException Missing(ServiceDefinition definition, string placeholder, string reason, string remedy) => new(
        ErrorCode.ConfigInvalid, definition.Name, $"The command of {definition.Name} names {placeholder}, but {reason}.",
        $"In {definition.ConfigPath}, {remedy}, or take the word out of service.command.");

    [GeneratedRegex(@"\{(?<what>fd|address|host|port)(?<which>[2-9]|[1-9][0-9])?\}")]
    private static partial Regex Placeholder();
}
