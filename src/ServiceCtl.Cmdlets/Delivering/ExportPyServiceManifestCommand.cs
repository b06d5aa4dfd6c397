using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsData.Export, Noun + "Manifest", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceManifest))]
public sealed class ExportPyServiceManifestCommand : ServiceSelectionCommand
{
    private readonly List<ServiceChoice> _choices = [];

    [Parameter(
        ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Service", "ServiceName")]
    [ServiceNames]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    public override string[] Name { get; set; } = [];

    /// <summary>Who reads the files.</summary>
    [Parameter]
    public ManifestTarget Target { get; set; }

    /// <summary>Write the files into this folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>What a swarm calls all of it; the last service's name when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StackName { get; set; }

    /// <summary>Have a swarm publish ports on the nodes of the tasks alone.</summary>
    [Parameter]
    public SwitchParameter HostPorts { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if ((HostPorts || StackName is not null) && Target != ManifestTarget.Swarm)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(ErrorCode.InvalidArgument, Target.ToString(),
                "-HostPorts and -StackName are for a swarm. Nothing was done.", "Leave them out, or write '-Target Swarm'.")));
        }
    }

    protected override void ProcessRecord() => _choices.AddRange(TakeNames());

    protected override void EndProcessing()
    {
        var found = new List<(PyServiceHost? Host, IReadOnlyList<string> Names)>();
        Run(call => OnEachAsync(call, _choices, async (at, host, names) =>
        {
            var selected = await SelectNamesAsync(at, names);
            lock (found)
                found.Add((host, selected));
        }));
        (PyServiceHost? Host, IReadOnlyList<string> Names, string? Folder)[] chosen =
        [
            .. found.Where(each => each.Names.Count > 0 && IsConfirmed(each.Host, each.Names))
                .Select(each => (each.Host, each.Names, FolderOn(each.Host))),
        ];
        Run(call => Task.WhenAll(chosen.Select(each =>
            call.TryAtAsync(each.Host, chosen.Length > 1, at => MakeAsync(at, each.Names, each.Folder)))));
    }

    // Without -Destination nothing is changed.
    private bool IsConfirmed(PyServiceHost? host, IReadOnlyList<string> names) => Destination is null || ShouldProcess(
        string.Join(", ", names) + (host is null ? "" : $" on {host.HostName}"), $"Write the files for {Target} into {FolderOn(host)}");

    // Paths of another host are for that one to resolve.
    private string? FolderOn(PyServiceHost? host) =>
        Destination is null || host is not null ? Destination : GetUnresolvedProviderPathFromPSPath(Destination);

    private async Task MakeAsync(EngineCall at, IReadOnlyList<string> names, string? folder)
    {
        var order = new ManifestOrder(Target, folder, Force, StackName, HostPorts);
        try
        {
            foreach (var manifest in await at.Client.Manifests.MakeAsync(names, order, at.Cancellation))
            {
                foreach (var warning in manifest.Warnings)
                    at.WriteWarning(warning.ToString());
                at.WriteObject(manifest);
            }
        }
        catch (ServiceCtlException error) when (at.Host is null)
        {
            at.WriteError(error.Report, error.Target ?? names[0]);
        }
    }
}
