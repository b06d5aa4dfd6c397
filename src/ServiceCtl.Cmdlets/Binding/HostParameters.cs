using System.Management.Automation;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>Which hosts a cmdlet acts on, and how SSH reaches them.</summary>
public sealed class HostParameters : HostAccess
{
    /// <summary>Other hosts, as ssh takes them, or as Connect-PyServiceHost writes them. This one when not given.</summary>
    [Parameter]
    [Alias("ComputerName", "Cn")]
    [Hosts]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public PyServiceHost[] HostName { get; set; } = [];

    /// <summary>The hosts, each once; a null for this one where none is given.</summary>
    internal IReadOnlyList<PyServiceHost?> All =>
        HostName.Length == 0 ? [null] : [.. HostName.Select(host => Complete(host)).DistinctBy(host => host.HostName)];

    /// <summary>The host that an object says it is from.</summary>
    internal PyServiceHost Find(string name) =>
        All.FirstOrDefault(host => host?.HostName == name) ?? Complete(HostAddress.Parse(name), isNamed: true);

    /// <summary>The same; none, with an error, where it is no host's name.</summary>
    internal PyServiceHost[] TryFind(string name, Cmdlet cmdlet)
    {
        try
        {
            return [Find(name)];
        }
        catch (ServiceCtlException error)
        {
            cmdlet.WriteError(ErrorRecords.Create(error));
            return [];
        }
    }
}
