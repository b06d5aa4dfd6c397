using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.New, "PyServiceProject", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceProject))]
public sealed class NewPyServiceProjectCommand : EngineCommand
{
    /// <summary>What the project, its package and its service are called.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter]
    public ProjectFramework Framework { get; set; }

    /// <summary>The template's first when not given.</summary>
    [Parameter]
    public ProjectDatabase? Database { get; set; }

    /// <summary>The template's first when not given.</summary>
    [Parameter]
    public ProjectLayout? Layout { get; set; }

    /// <summary>Optional parts, or patterns of their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplatePartCompleter))]
    [SupportsWildcards]
    public string[] With { get; set; } = [];

    /// <summary>The port that it listens on; the template's when not given.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>The project's folder; one of its name in the current folder when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Make a git repository of it, with a first commit.</summary>
    [Parameter]
    public SwitchParameter Git { get; set; }

    /// <summary>Write what is missing into a folder that holds other things.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var request = new ProjectRequest
            {
                Name = name,
                Path = GetUnresolvedProviderPathFromPSPath(Path ?? WildcardPattern.Escape(name)),
                Framework = Framework,
                Database = Database,
                Layout = Layout,
                Parts = With,
                Port = Port,
                Git = Git,
                Force = Force,
            };
            var action = $"Make a project: {Framework}";
            if (PlannedAction.IsWanted(this, action, request.Path, $"{action} in {request.Path}?", out var isDone))
                Run(call => MakeAsync(call, request, isDone));
        }
    }

    private static async Task MakeAsync(EngineCall call, ProjectRequest request, bool isDone)
    {
        try
        {
            call.WriteObject(isDone ? await ProjectVerbs.CreateAsync(request, call.Cancellation) : ProjectVerbs.PlanNew(request));
        }
        catch (ServiceCtlException error)
        {
            call.WriteError(error.Report, request.Name);
        }
    }
}
