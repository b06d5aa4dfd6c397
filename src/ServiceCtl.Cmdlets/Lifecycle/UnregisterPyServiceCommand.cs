using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(
    VerbsLifecycle.Unregister, Noun, DefaultParameterSetName = InputObjectSet,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class UnregisterPyServiceCommand : ServiceTargetCommand
{
    /// <summary>Stop a service that runs, instead of refusing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsConfirmed(PyService service) =>
        ShouldProcess(TargetOf(service), Force ? "Stop it and forget it (its files stay)" : "Forget it (its files stay)");

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        await using var progress = new WorkProgress(call, "Unregistering services", services.Count);
        PyService[] running = [.. services.Where(service => Force && service.Pid is not null)];
        var refused = running.Length == 0 ? [] : await StopAsync(call, running, progress);
        foreach (var name in services.Select(service => service.Name).Except(refused))
        {
            await call.TryOnAsync(name, async () =>
            {
                await call.Client.Services.UnregisterAsync(name, call.Cancellation);
                call.WriteVerbose($"{name} is no longer registered.");
            });
            progress.CountDone();
        }
    }

    /// <returns>The services that could not be stopped.</returns>
    private static async Task<IReadOnlyList<string>> StopAsync(EngineCall call, IReadOnlyList<PyService> services, WorkProgress progress)
    {
        var refused = new List<string>();
        var order = new OperationRequest { Action = ServiceAction.Stop, Services = [.. services.Select(service => service.Name)] };
        await foreach (var result in call.Client.Services.OperateAsync(order, progress, call.Cancellation))
        {
            if (result.Error is not { } error)
                continue;

            call.WriteError(error, result.Service);
            refused.Add(result.Service);
        }

        return refused;
    }
}
