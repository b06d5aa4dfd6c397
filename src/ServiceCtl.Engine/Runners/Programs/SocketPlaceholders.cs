using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>
/// What a command says about its socket: <c>{fd}</c> is the number of the passed one, <c>{address}</c>, <c>{host}</c> and <c>{port}</c>
/// are where the service listens. Other braces are the program's own.
/// </summary>
internal static class SocketPlaceholders
{
    private const string Descriptor = "{fd}";

    private static readonly string[] Places = ["{address}", "{host}", "{port}"];

    /// <summary>Does the command take a socket by its number?</summary>
    public static bool NamesDescriptor(IReadOnlyList<string> command) => command.Any(word => word.Contains(Descriptor, StringComparison.Ordinal));

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: something is named that this service hasn't.</exception>
    public static IReadOnlyList<string> Replace(ServiceDefinition definition, IReadOnlyList<string> command, bool hasSocket)
    {
        if (NamesDescriptor(command) && !hasSocket)
            throw Missing(definition, Descriptor, definition.Listen is null ? "it listens nowhere" : "its socket is its own", "set service.listen, and service.socket to pass");
        foreach (var place in Places)
        {
            if (command.Any(word => word.Contains(place, StringComparison.Ordinal)) && (definition.Listen is null || (place != Places[0] && definition.Listen.EndPoint is null)))
                throw Missing(definition, place, definition.Listen is null ? "it listens nowhere" : "it listens on a Unix socket", "set service.listen");
        }

        return [.. command.Select(word => word
            .Replace(Descriptor, LaunchRequest.FirstDescriptor.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{address}", definition.Listen?.ToString(), StringComparison.Ordinal)
            .Replace("{host}", definition.Listen?.EndPoint?.Address.ToString(), StringComparison.Ordinal)
            .Replace("{port}", definition.Listen?.EndPoint?.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];
    }

    private static ServiceCtlException Missing(ServiceDefinition definition, string placeholder, string reason, string remedy) => new(
        ErrorCode.ConfigInvalid, definition.Name, $"The command of {definition.Name} names {placeholder}, but {reason}.", $"In {definition.ConfigPath}, {remedy}, or take the word out of service.command.");
}
