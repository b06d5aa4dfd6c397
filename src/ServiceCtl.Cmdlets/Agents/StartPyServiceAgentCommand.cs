using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Start, "PyServiceAgent", SupportsShouldProcess = true)]
[OutputType(typeof(AgentInfo))]
public sealed class StartPyServiceAgentCommand : AgentCommand
{
    /// <summary>Write the agent.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => OnEach("Start", async call =>
    {
        var agent = await call.Client.Agent.StartAsync(call.Cancellation);
        call.WriteVerbose($"{On(call)}The agent is running: pid {agent.Pid}, {agent.Socket}.");
        if (PassThru)
            call.WriteObject(agent);
    });
}
