using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsData.Initialize, Noun + "Environment", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceEnvironment))]
public sealed class InitializePyServiceEnvironmentCommand : ServiceTargetCommand
{
    /// <summary>Make it again, even when it is made of the same things already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsConfirmed(PyService service) =>
        ShouldProcess(TargetOf(service), "Make its virtualenv, and swap it for the old one");

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        await using var progress = new WorkProgress(call, "Making virtualenvs", services.Count);
        foreach (var service in services)
        {
            await call.TryOnAsync(service.Name, async () => call.WriteObject(
                await call.Client.Environments.InitializeAsync(service.Name, Force, progress, call.Cancellation)));
            progress.CountDone();
        }
    }
}
