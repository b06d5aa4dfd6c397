using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>Another host as people write it: <c>web1</c>, <c>deploy@web1:2222</c>, <c>[fe80::1]:22</c>, <c>ssh://deploy@web1</c>.</summary>
public static partial class HostAddress
{
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static PyServiceHost Parse(string text) => TryParse(text) ?? throw new ServiceCtlException(
        ErrorCode.InvalidArgument, text, $"'{VisibleText.Line(text)}' is not a host.",
        "Write a name of ssh_config or of the network, with a user and a port where they are needed: deploy@web1:2222.");

    /// <summary>Null for what is no host.</summary>
    public static PyServiceHost? TryParse(string text)
    {
        var name = text.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase) ? text["ssh://".Length..].TrimEnd('/') : text;
        if (Form().Match(name) is not { Success: true } match)
            return null;
        var port = match.Groups["port"];
        if (port.Success && !(int.TryParse(port.Value, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535))
            return null;
        return new PyServiceHost
        {
            HostName = name,
            Address = match.Groups["host"].Value,
            UserName = match.Groups["user"] is { Success: true, Value: var user } ? user : null,
            Port = port.Success ? int.Parse(port.Value, CultureInfo.InvariantCulture) : null,
        };
    }

    // A dash at the beginning would be an option of ssh's.
    [GeneratedRegex(
        @"^((?<user>[\w.][\w.\\+-]*)@)?"
            + @"((?<host>[\w.][\w.-]*)|\[(?<host>[0-9A-Fa-f:.]+(%[\w.-]+)?)\]|(?<host>[0-9A-Fa-f]*(:[0-9A-Fa-f.]*){2,}))"
            + @"(:(?<port>\d{1,5}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
