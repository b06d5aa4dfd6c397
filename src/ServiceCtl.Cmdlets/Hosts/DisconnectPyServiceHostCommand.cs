using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Closes channels that Connect-PyServiceHost holds. Services over there go on.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "PyServiceHost")]
[OutputType(typeof(void))]
public sealed class DisconnectPyServiceHostCommand : EngineCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("ComputerName", "Cn")]
    [Hosts]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public PyServiceHost[] HostName { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var host in HostName.Where(host => !HostSessions.End(host.HostName)))
        {
            WriteError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidState, host.HostName, $"There is no open connection to {host.HostName}.",
                $"Connected: {(HostSessions.Names.Count == 0 ? "none" : string.Join(", ", HostSessions.Names))}.")));
        }
    }
}
