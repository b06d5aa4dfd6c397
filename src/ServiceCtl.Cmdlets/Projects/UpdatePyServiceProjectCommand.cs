using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Update, "PyServiceProject", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceProject))]
public sealed class UpdatePyServiceProjectCommand : EngineCommand
{
    /// <summary>The project's folder; the current one when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Paths]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["."];

    /// <summary>Parts to add, or patterns of their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplatePartCompleter))]
    [SupportsWildcards]
    public string[] With { get; set; } = [];

    /// <summary>Parts to take away, or patterns of their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplatePartCompleter))]
    [SupportsWildcards]
    public string[] Without { get; set; } = [];

    /// <summary>Another database.</summary>
    [Parameter]
    public ProjectDatabase? Database { get; set; }

    /// <summary>Another port.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>Change files that have uncommitted changes, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path.SelectMany(Resolve))
        {
            var request = new ProjectUpdateRequest
            {
                Path = path,
                With = With,
                Without = Without,
                Database = Database,
                Port = Port,
                Force = Force,
            };
            const string action = "Bring the project up to its template";
            if (PlannedAction.IsWanted(this, action, path, $"{action}: {path}?", out var isDone))
                Run(call => UpdateAsync(call, request, isDone));
        }
    }

    private static async Task UpdateAsync(EngineCall call, ProjectUpdateRequest request, bool isDone)
    {
        try
        {
            var project = isDone
                ? await ProjectVerbs.UpdateAsync(request, call.Cancellation)
                : await ProjectVerbs.PlanUpdateAsync(request, call.Cancellation);
            call.WriteObject(project);
            if (project.HasConflicts && isDone)
            {
                var conflicted = project.Files.Where(file => file.Change == ProjectFileChange.Conflicted).Select(file => file.Path);
                call.WriteError(new ErrorReport
                {
                    Code = ErrorCode.InvalidState,
                    Target = project.Path,
                    Message = $"{project.Path} has conflicts in {string.Join(", ", conflicted)}.",
                    Advice = "Decide between the markers <<<<<<< and >>>>>>>, then commit.",
                }, project.Path);
            }
        }
        catch (ServiceCtlException error)
        {
            call.WriteError(error.Report, request.Path);
        }
    }
}
