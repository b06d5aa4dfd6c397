using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Stop, "PyServiceAgent", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopPyServiceAgentCommand : AgentCommand
{
    /// <summary>Agents that Get-PyServiceAgent has written: those of their hosts.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public AgentInfo[] InputObject { get; set; } = [];

    /// <summary>Stop the running services with it, instead of refusing.</summary>
    [Parameter(ParameterSetName = "Force")]
    public SwitchParameter Force { get; set; }

    /// <summary>Leave the running services running, for the next agent.</summary>
    [Parameter(ParameterSetName = "KeepServices")]
    public SwitchParameter KeepServices { get; set; }

    private protected override IReadOnlyList<AgentInfo> Piped => InputObject;

    protected override void ProcessRecord()
    {
        var intention = Force ? "Stop all services and the agent" : KeepServices ? "Stop, and leave the services running" : "Stop";
        var running = Force ? RunningServices.Stop : KeepServices ? RunningServices.Keep : RunningServices.Refuse;

        OnEach(intention, async call =>
        {
            await using var progress = new WorkProgress(call, "Stopping the agent", total: 1);
            try
            {
                var stopped = await call.Client.Agent.StopAsync(running, call.Cancellation);
                call.WriteVerbose(On(call) + (stopped is null ? "No agent was running." : "The agent has ended."));
            }
            catch (ServiceCtlException error) when (error.Code is not (ErrorCode.AgentUnreachable or ErrorCode.HostUnreachable))
            {
                call.WriteError(error.Report, error.Target);
            }
        });
    }
}
