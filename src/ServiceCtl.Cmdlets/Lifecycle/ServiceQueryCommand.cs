using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;

namespace ServiceCtl.Cmdlets;

/// <summary>Cmdlets that tell about services. Without a name, about all of them.</summary>
public abstract class ServiceQueryCommand : ServiceSelectionCommand
{
    /// <summary>Names travel in the request line, which may be 8 KB long; a name has at most 64 characters.</summary>
    private protected const int NamesAtOnce = 100;

    private protected ServiceQueryCommand()
    {
    }

    private protected sealed override bool NeedsChoice => false;

    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Service", "ServiceName")]
    [ServiceNames]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    public override string[] Name { get; set; } = ["*"];
}
