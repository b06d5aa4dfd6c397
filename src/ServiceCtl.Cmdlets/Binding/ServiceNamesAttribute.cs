using System.Management.Automation;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>
/// Names are text. PowerShell would make text of whatever is piped, and a log line that says <c>*</c> would choose every service.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ServiceNamesAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        null => null,
        // Never a name, and Set-PyServiceConfig takes it for a configuration.
        string text when text.TrimStart().StartsWith('{') =>
            throw Piped.NotThisParameter("Text that begins with { is not a service's name."),
        string text => text,
        var list when Piped.ItemsOf(list) is { } items => items.Select(each => Transform(engineIntrinsics, each)).ToArray(),
        { } other => throw Piped.NotThisParameter($"A service's name is text, and this is {Piped.KindOf(other)}."),
    };
}
