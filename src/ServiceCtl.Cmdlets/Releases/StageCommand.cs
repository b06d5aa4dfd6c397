using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Cmdlets that are about one stage of the deploy.yaml in a folder.</summary>
[SupportedOSPlatform("linux")]
public abstract class StageCommand : EngineCommand
{
    private protected StageCommand()
    {
    }

    /// <summary>The stage, as deploy.yaml calls it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StageCompleter))]
    public string Stage { get; set; } = "";

    /// <summary>The folder that holds deploy.yaml; the current one when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    private protected string Place => GetUnresolvedProviderPathFromPSPath(Folder ?? ".");

    /// <summary>Does something about the stage. What is wrong with one stage does not end the pipeline, which may bring others.</summary>
    private protected void RunStage(Func<EngineCall, Task> work) => Run(async call =>
    {
        try
        {
            await work(call);
        }
        catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
        {
            call.WriteError(error.Report, Stage);
        }
    });

    /// <summary>Writes what came of a deploy or a rollback, and its error.</summary>
    private protected static void Write(EngineCall call, PyServiceDeployment deployment)
    {
        foreach (var warning in deployment.Warnings)
            call.WriteWarning(warning);
        call.WriteObject(deployment);
        if (deployment.Error is { } error)
            call.WriteError(error, deployment.Stage);
    }

    /// <summary>Tells of each step when it is done.</summary>
    private protected sealed class Steps(EngineCall call) : IProgress<PyServiceDeployStep>
    {
        public void Report(PyServiceDeployStep value) => call.WriteVerbose(value.ToString());
    }
}
