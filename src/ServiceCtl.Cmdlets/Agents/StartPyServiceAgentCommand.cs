using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Start, "PyServiceAgent", SupportsShouldProcess = true)]
[OutputType(typeof(AgentInfo))]
public sealed class StartPyServiceAgentCommand : EngineCommand
{
    /// <summary>Write the agent.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess("agent", "Start"))
            return;

        Run(async call =>
        {
            var agent = await call.Client.Agent.StartAsync(call.Cancellation);
            call.WriteVerbose($"The agent is running: pid {agent.Pid}, {agent.Socket}.");
            if (PassThru)
                call.WriteObject(agent);
        });
    }
}
