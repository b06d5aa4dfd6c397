using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>The ports of a service, in the short form and the long one.</summary>
internal sealed partial class ComposePorts(ImportedService service, ComposeValues values, ProblemList warnings)
{
    public void Read(ConfigEntry entry)
    {
        if (entry.Value is not ConfigSequence list)
        {
            foreach (var (text, origin) in values.Texts(entry))
                ReadShort(text, origin);
            return;
        }

        foreach (var item in list.Items)
        {
            if (item is ConfigMapping mapping)
                ReadLong(mapping);
            else
                foreach (var (text, origin) in values.Texts(new ConfigEntry(entry.Key, item.Origin, item)))
                    ReadShort(text, origin);
        }
    }

    private void ReadShort(string text, Origin origin)
    {
        var match = Short().Match(text);
        if (!match.Success)
            Skip(origin, text, "One port of TCP is carried over, not a range and not UDP.");
        else
            Add(match.Groups["ip"].Value, match.Groups["host"].Value, match.Groups["port"].Value, text, origin);
    }

    private void ReadLong(ConfigMapping mapping)
    {
        string TextOf(string key) => (mapping.Find(key) as ConfigScalar)?.Text ?? "";
        var text = $"{TextOf("published")}:{TextOf("target")}";
        if (TextOf("protocol") is not ("" or "tcp") || !Number().IsMatch(TextOf("target")) || !Number().IsMatch(TextOf("published") + "1"))
            Skip(mapping.Origin, text, "One port of TCP is carried over, not a range and not UDP.");
        else
            Add(TextOf("host_ip"), TextOf("published"), TextOf("target"), text, mapping.Origin);
    }

    private void Add(string ip, string host, string inside, string text, Origin origin)
    {
        if (!IsPort(inside, out var port) || (host.Length > 0 && !IsPort(host, out _)))
        {
            Skip(origin, text, "A port is a number from 1 to 65535.");
        }
        else if (host.Length == 0)
        {
            warnings.Add(origin, "ports",
                $"{service.Name}: port {inside} is on any free port of the host, and that is not carried over: it is not published. "
                    + "Services of its network reach it by its name.",
                $"To publish it, write `service.listen: 127.0.0.1:{inside}` and `service.container.port: {inside}`.");
        }
        else if (service.Port is { } first && first != port)
        {
            Skip(origin, text, $"A service publishes one port of its container, here {first}.");
        }
        else
        {
            service.Port = port;
            var address = ip.Trim('[', ']');
            service.Listen.Add(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{host}"
                : $"{(address.Length == 0 ? "0.0.0.0" : address)}:{host}");
        }
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536;

    private void Skip(Origin origin, string text, string advice) =>
        warnings.Add(origin, "ports", $"{service.Name}: the port `{text}` is not carried over.", advice);

    [GeneratedRegex(
        @"^((?<ip>[0-9]+(\.[0-9]+){3}|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:]*::[0-9A-Fa-f:]*):)?"
            + @"((?<host>[0-9]{0,5}):)?(?<port>[0-9]{1,5})(/tcp)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Short();

    [GeneratedRegex(@"^[0-9]{1,6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
