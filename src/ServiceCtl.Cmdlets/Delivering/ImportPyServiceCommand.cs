using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Import, "PyService", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceImport))]
public sealed class ImportPyServiceCommand : EngineCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Compose files, or folders that have one; the current folder when not given.</summary>
    [Parameter(ParameterSetName = PathSet, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Paths]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["."];

    /// <summary>The same, taken as they are written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [Paths(AreLiteral = true)]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What the files are.</summary>
    [Parameter]
    public ImportSource From { get; set; }

    /// <summary>The folder that gets a folder for each service; that of the file when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    protected override void ProcessRecord()
    {
        var folder = Destination is null ? null : GetUnresolvedProviderPathFromPSPath(Destination);
        string[] paths = ParameterSetName == PathSet
            ? [.. Path.SelectMany(Resolve)] : [.. LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)];
        foreach (var path in paths)
        {
            var action = $"Make services of it{(folder is null ? "" : $" in {folder}")}";
            if (PlannedAction.IsWanted(this, action, path, $"{action}: {path}?", out var isDone))
                Run(call => Task.Run(() => Import(call, path, folder, isDone), call.Cancellation));
        }
    }

    private static void Import(EngineCall call, string path, string? folder, bool isDone)
    {
        try
        {
            foreach (var service in ManifestVerbs.ImportCompose(path, folder, isDone, call.Cancellation))
            {
                foreach (var warning in service.Warnings)
                    call.WriteWarning(warning.ToString());
                call.WriteObject(service);
            }
        }
        catch (ServiceCtlException error)
        {
            call.WriteError(error.Report, path);
        }
    }
}
