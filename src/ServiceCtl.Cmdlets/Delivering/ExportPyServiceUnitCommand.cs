using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsData.Export, Noun + "Unit", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceUnit))]
public sealed class ExportPyServiceUnitCommand : ServiceTargetCommand
{
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

    // Paths of another host are for that one to resolve.
    private string PathOf(string path, PyServiceHost? host) => host is null ? GetUnresolvedProviderPathFromPSPath(path) : path;

    private UnitPlace? PlaceOn(PyServiceHost? host) =>
        Destination is null ? null : new UnitPlace(PathOf(Destination, host), Force);

    protected override void ProcessRecord()
    {
        if (ParameterSetName is not (AgentSet or DaemonSet))
        {
            base.ProcessRecord();
            return;
        }

        (PyServiceHost? Host, string Daemon, UnitPlace? Place)[] chosen = [.. Hosts
            .Select(host => (Host: host, Daemon: Agent ? "" : PathOf(Daemon, host), Place: PlaceOn(host)))
            .Where(each => IsConfirmed(each.Host, Agent ? "agent" : each.Daemon, each.Place))];
        Run(call => Task.WhenAll(chosen.Select(each => call.TryAtAsync(each.Host, chosen.Length > 1, async at => Write(at, Agent
            ? await at.Client.Units.MakeForAgentAsync(Type, each.Place, at.Cancellation)
            : await at.Client.Units.MakeForDaemonAsync(RequestFor(each.Daemon), Type, each.Place, at.Cancellation))))));
    }

    protected override void EndProcessing()
    {
        if (ParameterSetName is not (AgentSet or DaemonSet))
            base.EndProcessing();
    }

    // Without -Destination nothing is changed.
    private protected override bool IsConfirmed(PyService service) => Destination is null || ShouldProcess(TargetOf(service),
        $"Write its units into {(service.HostName is null ? PathOf(Destination, host: null) : Destination)}");

    private bool IsConfirmed(PyServiceHost? host, string about, UnitPlace? place) => place is null
        || ShouldProcess(host is null ? about : $"{about} on {host.HostName}", $"Write its unit into {place.Folder}");

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        foreach (var service in services)
        {
            await call.TryOnAsync(service.Name, async () => Write(
                call, await call.Client.Units.MakeForServiceAsync(service.Name, Type, PlaceOn(call.Host), call.Cancellation)));
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

    private static void Write(EngineCall call, IReadOnlyList<PyServiceUnit> units)
    {
        foreach (var unit in units)
            call.WriteObject(unit);
    }
}
