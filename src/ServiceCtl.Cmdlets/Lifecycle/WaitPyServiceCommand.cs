using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Wait, Noun, DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(PyService))]
public sealed class WaitPyServiceCommand : ServiceTargetCommand
{
    [Parameter(Position = 1)]
    public ServiceState State { get; set; } = ServiceState.Running;

    /// <summary>Longest wait, for all services together, in seconds, 0.1 to 86400.</summary>
    [Parameter]
    [ValidateRange(0.1, 86400)]
    public double TimeoutSec { get; set; } = 30;

    /// <summary>Write the services as they come to the state.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool IsConfirmed(PyService service) => true;

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        var limit = TimeSpan.FromSeconds(TimeoutSec);
        await using var progress = new WorkProgress(call, $"Waiting until services are {State}", services.Count, limit);
        await Task.WhenAll(services.Select(async service =>
        {
            try
            {
                var arrived = await call.Client.Services.WaitAsync(service.Name, State, limit, call.Cancellation);
                progress.CountDone();
                if (PassThru)
                    call.WriteObject(arrived);
            }
            catch (ServiceCtlException error) when (error.Code is ErrorCode.TimedOut or ErrorCode.InvalidState or ErrorCode.ServiceNotFound)
            {
                call.WriteError(error.Report, service.Name);
            }
        }));
    }
}
