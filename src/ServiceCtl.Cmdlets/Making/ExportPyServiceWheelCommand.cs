using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Export, "PyServiceWheel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportPyServiceWheelCommand : EngineCommand
{
    /// <summary>The folder; the current one when not given.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    protected override void ProcessRecord()
    {
        var folder = GetUnresolvedProviderPathFromPSPath(Destination);
        if (!ShouldProcess(folder, "Write the wheel of cordio"))
            return;
        Run(call =>
        {
            try
            {
                call.WriteObject(new FileInfo(EnvironmentVerbs.WriteCordio(folder)));
            }
            catch (ServiceCtlException error)
            {
                call.WriteError(error.Report, folder);
            }

            return Task.CompletedTask;
        });
    }
}
