using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Cmdlets that make something of a service: of a registered one, or of the one in a folder, which nobody has to register.
/// </summary>
public abstract class ServiceImageCommand : ServiceTargetCommand
{
    private protected const string FolderSet = "Folder";

    private protected ServiceImageCommand()
    {
    }

    /// <summary>The folder of a service that need not be registered. With -HostName it is a folder of that host.</summary>
    [Parameter(ParameterSetName = FolderSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Folder { get; set; } = "";

    protected override void ProcessRecord()
    {
        if (ParameterSetName != FolderSet)
            base.ProcessRecord();
    }

    protected override void EndProcessing()
    {
        if (ParameterSetName != FolderSet)
        {
            base.EndProcessing();
            return;
        }

        (PyServiceHost? Host, string Folder)[] chosen = [.. Hosts
            .Select(host => (host, host is null ? GetUnresolvedProviderPathFromPSPath(Folder) : Folder))
            .Where(each => IsConfirmed(each.host is null ? each.Item2 : $"{each.Item2} on {each.host.HostName}"))];
        Run(call => Task.WhenAll(chosen.Select(each => call.TryAtAsync(each.Host, chosen.Length > 1,
            at => ActAsync(at, ImageSource.In(each.Folder), each.Folder)))));
    }

    private protected sealed override bool IsConfirmed(PyService service) => IsConfirmed(TargetOf(service));

    private protected sealed override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        foreach (var service in services)
            await call.TryOnAsync(service.Name, () => ActAsync(call, ImageSource.Of(service.Name), service.Name));
    }

    /// <summary>Is it to be done? Called on the pipeline thread.</summary>
    private protected abstract bool IsConfirmed(string target);

    private protected abstract Task ActAsync(EngineCall call, ImageSource source, string name);
}
