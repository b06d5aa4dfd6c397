using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Opens channels to hosts, side by side, and holds them: cmdlets that are given these hosts are answered at once.</summary>
[Cmdlet(VerbsCommunications.Connect, "PyServiceHost")]
[OutputType(typeof(PyServiceHost))]
public sealed class ConnectPyServiceHostCommand : EngineCommand, IDynamicParameters
{
    private readonly HostAccess _access = new();

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("ComputerName", "Cn")]
    [Hosts]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public PyServiceHost[] HostName { get; set; } = [];

    public object GetDynamicParameters() => _access;

    protected override void ProcessRecord() => Run(call => Task.WhenAll(
        HostName.Select(host => _access.Complete(host)).DistinctBy(host => host.HostName).Select(host => ConnectAsync(call, host))));

    private static async Task ConnectAsync(EngineCall call, PyServiceHost host)
    {
        var client = new ServiceCtlClient(host, CommandFile.Path);
        try
        {
            await client.Agent.StartAsync(call.Cancellation);
            HostSessions.Hold(host, client);
            call.WriteObject(host with { Version = client.HostVersion });
        }
        catch (ServiceCtlException error)
        {
            client.Dispose();
            call.WriteError(error.Report with { HostName = host.HostName }, host);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
