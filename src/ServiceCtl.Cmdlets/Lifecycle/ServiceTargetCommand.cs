using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Cmdlets that act on services: never on all of them unless you say so. What the pipeline brings is gathered first and acted on
/// when it has ended, so that many services are served side by side.
/// </summary>
public abstract class ServiceTargetCommand : ServiceSelectionCommand
{
    private readonly List<ServiceChoice> _names = [];

    private protected ServiceTargetCommand()
    {
    }

    [Parameter(
        ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Service", "ServiceName")]
    [ServiceNames]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    public override string[] Name { get; set; } = [];

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing()
    {
        IReadOnlyList<PyService> services = [];
        Run(async call => services = await SelectAsync(call, _names));
        PyService[] chosen = [.. services.Where(IsConfirmed)];
        if (chosen.Length > 0)
            Run(call => OnEachAsync(call, chosen, ActAsync));
    }

    /// <summary>Is it to be done to this service? Called on the pipeline thread.</summary>
    private protected abstract bool IsConfirmed(PyService service);

    private protected abstract Task ActAsync(EngineCall call, IReadOnlyList<PyService> services);
}
