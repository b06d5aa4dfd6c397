using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Restart, "PyServiceAgent", SupportsShouldProcess = true)]
[OutputType(typeof(AgentInfo))]
public sealed class RestartPyServiceAgentCommand : EngineCommand
{
    /// <summary>Write the new agent.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess("agent", "Replace by one of this version, and leave the services running"))
            return;

        Run(async call =>
        {
            await using var progress = new WorkProgress(call, "Replacing the agent", total: 1);
            var agent = await call.Client.Agent.RestartAsync(call.Cancellation);
            call.WriteVerbose(agent is null ? "No agent was running." : $"The agent is version {agent.Version}, pid {agent.Pid}.");
            if (PassThru && agent is not null)
                call.WriteObject(agent);
        });
    }
}
