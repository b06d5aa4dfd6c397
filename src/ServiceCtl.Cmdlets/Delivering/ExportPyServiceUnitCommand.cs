using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsData.Export, Noun + "Unit", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceUnit))]
public sealed class ExportPyServiceUnitCommand : ServiceTargetCommand
{
    private protected override bool ReachesHosts => false;

    private const string AgentSet = "Agent";
    private const string DaemonSet = "Daemon";

    /// <summary>The init system.</summary>
    [Parameter]
    public ServiceUnitType Type { get; set; }

    /// <summary>The unit of the agent, which brings its services back after a reboot.</summary>
    [Parameter(ParameterSetName = AgentSet, Mandatory = true)]
    public SwitchParameter Agent { get; set; }

    /// <summary>The unit of a daemon: a program, or a .ps1 or .py script.</summary>
    [Parameter(ParameterSetName = DaemonSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Daemon { get; set; } = "";

    /// <summary>What the daemon's unit is called; the file's name when not given.</summary>
    [Parameter(ParameterSetName = DaemonSet)]
    [ValidateNotNullOrEmpty]
    public string? DaemonName { get; set; }

    /// <summary>What the daemon gets.</summary>
    [Parameter(ParameterSetName = DaemonSet)]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>The user that the daemon runs as; root when not given.</summary>
    [Parameter(ParameterSetName = DaemonSet)]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>Write the files into this folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private string? Folder => Destination is null ? null : GetUnresolvedProviderPathFromPSPath(Destination);

    protected override void ProcessRecord()
    {
        if (ParameterSetName is not (AgentSet or DaemonSet))
        {
            base.ProcessRecord();
            return;
        }

        var daemon = Daemon.Length > 0 ? GetUnresolvedProviderPathFromPSPath(Daemon) : "";
        var folder = Folder;
        if (folder is not null && !ShouldProcess(Agent ? "agent" : daemon, $"Write its unit into {folder}"))
            return;
        Run(call =>
        {
            Write(call, folder, [Agent ? call.Client.Units.MakeForAgent(Type) : UnitVerbs.MakeForDaemon(RequestFor(daemon), Type)]);
            return Task.CompletedTask;
        });
    }

    protected override void EndProcessing()
    {
        if (ParameterSetName is not (AgentSet or DaemonSet))
            base.EndProcessing();
    }

    // Without -Destination nothing is changed.
    private protected override bool IsConfirmed(PyService service) =>
        Destination is null || ShouldProcess(TargetOf(service), $"Write its units into {Folder}");

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        foreach (var service in services)
        {
            try
            {
                Write(call, Folder, await call.Client.Units.MakeForServiceAsync(service.Name, Type, call.Cancellation));
            }
            catch (ServiceCtlException error) when (error.Code is not ErrorCode.AgentUnreachable)
            {
                call.WriteError(error.Report, service.Name);
            }
        }
    }

    private DaemonUnitRequest RequestFor(string daemon) => new()
    {
        Name = DaemonName ?? Path.GetFileNameWithoutExtension(daemon),
        Program = daemon,
        Arguments = ArgumentList,
        PowerShellHome = PowerShellHome,
        User = User,
    };

    private void Write(EngineCall call, string? folder, IReadOnlyList<PyServiceUnit> units)
    {
        foreach (var unit in units)
            call.WriteObject(folder is null ? unit : UnitVerbs.Write(unit, folder, Force));
    }
}
