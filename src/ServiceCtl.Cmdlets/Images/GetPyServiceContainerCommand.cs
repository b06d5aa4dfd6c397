using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, "PyServiceContainer")]
[OutputType(typeof(PyServiceContainer))]
public sealed class GetPyServiceContainerCommand : EngineCommand, IDynamicParameters
{
    private readonly HostParameters _hosts = new();

    /// <summary>Services, by names or patterns; containers, by names or the beginnings of their ids. All when not given.</summary>
    [Parameter(Position = 0)]
    [Alias("Service", "ServiceName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Everything that the engine knows, as JSON in Inspection.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>docker, podman, or the path of the engine's socket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    public object GetDynamicParameters() => _hosts;

    protected override void ProcessRecord()
    {
        var hosts = _hosts.All;
        Run(call => Task.WhenAll(hosts.Select(host => call.TryAtAsync(host, hosts.Count > 1, async at =>
        {
            foreach (var container in await at.Client.Containers.GetAsync(Name, Engine, Detailed, at.Cancellation))
                at.WriteObject(container);
        }))));
    }
}
