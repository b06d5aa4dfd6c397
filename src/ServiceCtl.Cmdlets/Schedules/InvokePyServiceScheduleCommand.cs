using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Invoke, "PyServiceSchedule", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceSchedule))]
public sealed class InvokePyServiceScheduleCommand : ServiceTargetCommand
{
    // A position after a name, and nowhere else: after services from the pipeline the first word would be a name to PowerShell.
    [Parameter(ParameterSetName = NameSet, Position = 1)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    public string Schedule { get; set; } = "";

    /// <summary>Return as soon as it has started.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override string OtherWord =>
        "Name what the word is: 'Get-PyService web | Invoke-PyServiceSchedule -Schedule clean'.";

    // Not mandatory, and asked for here: PowerShell would prompt for what the pipeline has shifted away.
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Schedule.Length > 0)
            return;
        ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
            ErrorCode.InvalidArgument, null, "No schedule was named.",
            "Name it, as in 'Invoke-PyServiceSchedule web clean'; 'servicectl schedules' lists them.")));
    }

    private protected override bool IsConfirmed(PyService service) => ShouldProcess(TargetOf(service), $"Run its schedule {Schedule}");

    private protected override Task ActAsync(EngineCall call, IReadOnlyList<PyService> services) =>
        Task.WhenAll(services.Select(service => ActAsync(call, service)));

    private Task ActAsync(EngineCall call, PyService service) => call.TryOnAsync(service.Name, async () =>
    {
        var done = await call.Client.Schedules.RunAsync(service.Name, Schedule, !NoWait, call.Cancellation);
        call.WriteObject(done);
        if (!done.IsRunning && done.LastOutcome != ScheduleOutcome.Succeeded)
        {
            call.WriteError(new ErrorReport
            {
                Code = ErrorCode.ScheduleFailed,
                Target = service.Name,
                Message = done.LastMessage ?? $"The schedule {Schedule} of {service.Name} failed.",
                Advice = done.LogPath is { } log ? $"What it printed is in {log}." : null,
            }, service.Name);
        }
    });
}
