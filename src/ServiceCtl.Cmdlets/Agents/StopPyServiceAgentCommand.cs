using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Stop, "PyServiceAgent", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopPyServiceAgentCommand : EngineCommand
{
    /// <summary>Stop the running services with it, instead of refusing.</summary>
    [Parameter(ParameterSetName = "Force")]
    public SwitchParameter Force { get; set; }

    /// <summary>Leave the running services running, for the next agent.</summary>
    [Parameter(ParameterSetName = "KeepServices")]
    public SwitchParameter KeepServices { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess("agent",
            Force ? "Stop all services and the agent" : KeepServices ? "Stop, and leave the services running" : "Stop"))
            return;

        var running = Force ? RunningServices.Stop : KeepServices ? RunningServices.Keep : RunningServices.Refuse;

        Run(async call =>
        {
            await using var progress = new WorkProgress(call, "Stopping the agent", total: 1);
            try
            {
                var stopped = await call.Client.Agent.StopAsync(running, call.Cancellation);
                call.WriteVerbose(stopped ? "The agent has ended." : "No agent was running.");
            }
            catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
            {
                call.WriteError(error.Report, error.Target);
            }
        });
    }
}
