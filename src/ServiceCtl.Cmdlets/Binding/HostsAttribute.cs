using System.Management.Automation;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>Hosts are text as ssh takes it, or objects that Connect-PyServiceHost has written.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HostsAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        null => null,
        PyServiceHost host => Known(host),
        string text => Parse(text),
        var list when Piped.ItemsOf(list) is { } items => items.Select(each => Transform(engineIntrinsics, each)).ToArray(),
        { } other => throw Piped.NotThisParameter($"A host is text, and this is {Piped.KindOf(other)}."),
    };

    private static PyServiceHost Known(PyServiceHost host) => IsHost(host.HostName) && IsHost(host.Address)
        ? host : throw Piped.Refused("This names no host: give what Connect-PyServiceHost has written, or text.");

    private static bool IsHost(string? text) =>
        text is not null && (HostAddress.TryParse(text) ?? HostAddress.TryParse($"[{text}]")) is not null;

    // Apart, so that the engine is loaded for text only.
    private static PyServiceHost Parse(string text)
    {
        try
        {
            return HostAddress.Parse(text);
        }
        catch (ServiceCtlException error)
        {
            throw Piped.Refused($"{error.Message} {error.Advice}");
        }
    }
}
