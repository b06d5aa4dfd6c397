using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Copies servicectl to hosts, side by side, where it is not there yet.</summary>
[Cmdlet(VerbsLifecycle.Install, "PyServiceHost", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceHostInstallation))]
public sealed class InstallPyServiceHostCommand : EngineCommand, IDynamicParameters
{
    private readonly HostAccess _access = new();
    private readonly List<PyServiceHost> _hosts = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("ComputerName", "Cn")]
    [Hosts]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public PyServiceHost[] HostName { get; set; } = [];

    /// <summary>The servicectl to copy; the one of this module when not given.</summary>
    [Parameter]
    [Alias("FilePath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Have the agent there start at every boot.</summary>
    [Parameter]
    public SwitchParameter AtBoot { get; set; }

    public object GetDynamicParameters() => _access;

    protected override void ProcessRecord() => _hosts.AddRange(HostName.Select(host => _access.Complete(host)));

    protected override void EndProcessing()
    {
        PyServiceHost[] chosen = [.. _hosts.DistinctBy(host => host.HostName).Where(host => ShouldProcess(
            host.HostName, AtBoot ? "Copy servicectl there, and have its agent start at boot" : "Copy servicectl there"))];
        if (chosen.Length == 0)
            return;

        var file = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        Run(async call =>
        {
            await using var progress = new WorkProgress(call, "Installing on hosts", chosen.Length);
            var request = new HostInstallationRequest { Command = file, AtBoot = AtBoot };
            await foreach (var outcome in HostVerbs.InstallAsync(chosen, CommandFile.Path, request, call.Cancellation))
            {
                progress.CountDone();
                if (outcome.Error is { } error)
                    call.WriteError(error, outcome.HostName);
                if (outcome.Value is not { } installed)
                    continue;
                call.WriteObject(installed);
                foreach (var note in installed.Notes)
                    call.WriteWarning($"{installed.HostName}: {note}");
            }
        });
    }
}
