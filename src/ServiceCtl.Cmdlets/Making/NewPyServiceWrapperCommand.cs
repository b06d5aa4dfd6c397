using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.New, Noun + "Wrapper", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceWrapper))]
public sealed class NewPyServiceWrapperCommand : ServiceTargetCommand
{
    /// <summary>Overwrite a file that is no wrapper.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsConfirmed(PyService service) =>
        ShouldProcess(TargetOf(service), "Make the wrapper file in its folder");

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        foreach (var service in services)
        {
            await call.TryOnAsync(service.Name, async () => call.WriteObject(
                await call.Client.Wrappers.WriteAsync(service.Name, Force, PowerShellHome, call.Cancellation)));
        }
    }
}
