using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, "PyServiceHost")]
[OutputType(typeof(HostCheck), typeof(bool))]
public sealed class TestPyServiceHostCommand : EngineCommand, IDynamicParameters
{
    private readonly HostReach _reach = new();
    private readonly List<PyServiceHost> _hosts = [];
    private string? _folder;

    /// <summary>Other hosts, as ssh takes them, or as Connect-PyServiceHost writes them. This one when not given.</summary>
    [Parameter(ValueFromPipeline = true)]
    [Alias("ComputerName", "Cn")]
    [Hosts]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public PyServiceHost[] HostName { get; set; } = [];

    /// <summary>TCP ports that have to be free.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    /// <summary>A repository that this user's keys have to reach; that of the current folder's checkout when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>Write $true when nothing that services need is missing, else $false, and nothing more.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    public object GetDynamicParameters() => _reach;

    protected override void ProcessRecord() => _hosts.AddRange(HostName.Select(_reach.Reached));

    protected override void EndProcessing()
    {
        _folder = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        Run(CheckAsync);
    }

    private async Task CheckAsync(EngineCall call)
    {
        // What came through the pipeline was no host, which does not make it this one.
        var isFit = _hosts.Count > 0 || !MyInvocation.ExpectingInput;
        var areSeveral = _hosts.DistinctBy(host => host.HostName).Skip(1).Any();
        await foreach (var check in _hosts.Count == 0 && isFit ? CheckHere(call) : AskAsync(call))
        {
            isFit &= check.Outcome is not HostCheckOutcome.Failed;
            if (!Quiet)
                call.WriteObject(check, areSeveral);
        }

        if (Quiet)
            call.WriteObject(isFit);
    }

    private IAsyncEnumerable<HostCheck> CheckHere(EngineCall call) => LocalHost.HasServices
        ? EnvironmentVerbs.CheckHostAsync(Port, Repository, _folder, call.Cancellation) : throw LocalHost.Unsupported();

    private async IAsyncEnumerable<HostCheck> AskAsync(EngineCall call)
    {
        await foreach (var checks in Task.WhenEach(_hosts.DistinctBy(host => host.HostName)
            .Select(host => HostVerbs.CheckAsync(host, CommandFile.Path, Port, Repository, call.Cancellation)))
            .WithCancellation(call.Cancellation))
        {
            foreach (var check in await checks)
                yield return check;
        }
    }
}
