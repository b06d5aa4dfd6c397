using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Remove, "PyServiceContainer", DefaultParameterSetName = IdSet, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemovePyServiceContainerCommand : EngineCommand, IDynamicParameters
{
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    private readonly HostParameters _hosts = new();

    /// <summary>Names of containers, or the beginnings of their ids.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Containers, as Get-PyServiceContainer writes them; each is removed on its host.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public PyServiceContainer[] InputObject { get; set; } = [];

    /// <summary>Also one that runs: its service takes that for a failure, and starts again.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>docker, podman, or the path of the engine's socket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    public object GetDynamicParameters() => _hosts;

    protected override void ProcessRecord()
    {
        var named = ParameterSetName == IdSet
            ? Id.SelectMany(id => _hosts.All.Select(host => (Host: host, Id: id, Name: id)))
            : InputObject.SelectMany(one => HostsOf(one).Select(host => (Host: host, one.Id, one.Name)));
        (PyServiceHost? Host, string Id, string Name)[] chosen = [.. named.Where(each =>
            ShouldProcess(each.Host is null ? each.Name : $"{each.Name} on {each.Host.HostName}", "Remove the container"))];
        Run(async call =>
        {
            foreach (var (host, id, _) in chosen)
            {
                try
                {
                    var at = host is null ? call : call.At(host, showsHost: false);
                    await at.Client.Containers.RemoveAsync(id, Engine, Force, at.Cancellation);
                }
                catch (ServiceCtlException error)
                {
                    call.WriteError(error.Report, id);
                }
            }
        });
    }

    private IEnumerable<PyServiceHost?> HostsOf(PyServiceContainer one) =>
        one.HostName is null ? _hosts.All : _hosts.TryFind(one.HostName, this);
}
