using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Get, "PyServiceStage")]
[OutputType(typeof(PyServiceStage))]
public sealed class GetPyServiceStageCommand : EngineCommand
{
    /// <summary>Only these; patterns with * and ?.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(StageCompleter))]
    public string[] Stage { get; set; } = [];

    /// <summary>The folder that holds deploy.yaml; the current one when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    protected override void ProcessRecord()
    {
        var place = GetUnresolvedProviderPathFromPSPath(Folder ?? ".");
        Run(async call =>
        {
            IReadOnlyList<PyServiceStage> stages;
            try
            {
                stages = await call.Client.Releases.GetStagesAsync(place, call.Cancellation);
            }
            catch (ServiceCtlException error)
            {
                call.WriteError(error.Report, place);
                return;
            }

            foreach (var stage in stages.Where(
                one => Stage.Length == 0 || Array.Exists(Stage, pattern => ServiceSelection.Matches(pattern, one.Stage))))
                call.WriteObject(stage);
            foreach (var missing in Stage.Where(name => !ServiceSelection.IsPattern(name) && stages.All(one => one.Stage != name)))
            {
                call.WriteError(new ErrorReport
                {
                    Code = ErrorCode.InvalidArgument,
                    Target = missing,
                    Message = $"deploy.yaml of {place} describes no stage '{missing}'.",
                    Advice = $"Make one with 'servicectl deploy install {missing}'.",
                }, missing);
            }
        });
    }
}
