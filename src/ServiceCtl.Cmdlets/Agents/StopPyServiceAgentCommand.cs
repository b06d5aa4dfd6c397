using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Stop, "PyServiceAgent", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopPyServiceAgentCommand : EngineCommand
{
    /// <summary>Stop the running services with it, instead of refusing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess("agent", Force ? "Stop all services and the agent" : "Stop"))
            return;

        Run(async call =>
        {
            await using var progress = new WorkProgress(call, "Stopping the agent", total: 1);
            var stopped = await call.Engine.StopAgentAsync(Force, call.Cancellation);
            call.WriteVerbose(stopped ? "The agent has ended." : "No agent was running.");
        });
    }
}
