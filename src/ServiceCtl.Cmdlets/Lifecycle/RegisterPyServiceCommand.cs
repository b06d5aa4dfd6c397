using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Register, "PyService", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyService))]
public sealed class RegisterPyServiceCommand : EngineCommand, IDynamicParameters
{
    private readonly HostParameters _hosts = new();

    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly HashSet<string> _installed = [];
    private bool _isNameGiven;

    /// <summary>Folders of services, or their configuration files.</summary>
    [Parameter(
        ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Paths]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, taken as they are written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [Paths(AreLiteral = true)]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The name to go by; the one that the configuration or the folder gives when not given.</summary>
    // An empty cell of a CSV file is as good as none.
    [Parameter(ParameterSetName = PathSet, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = LiteralPathSet, Position = 1)]
    [Alias("ServiceName")]
    public string? Name { get; set; }

    /// <summary>Where their configuration is searched, lowest first, instead of where the folder says: files, folders, patterns.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Source { get; set; } = [];

    /// <summary>Start them at every boot, as Enable-PyService does.</summary>
    [Parameter]
    public SwitchParameter AtBoot { get; set; }

    /// <summary>Write the registered services.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    public object GetDynamicParameters() => _hosts;

    protected override void BeginProcessing() => _isNameGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Name));

    protected override void ProcessRecord()
    {
        // On other hosts they are paths of those, which nobody can resolve here.
        string[] paths = (_hosts.HostName.Length > 0, ParameterSetName == PathSet) switch
        {
            (true, _) => [.. Path, .. LiteralPath],
            (_, true) => [.. Path.SelectMany(Resolve)],
            _ => [.. LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)],
        };
        // A file from the pipeline has a name of its own, which is not the service's.
        var isNamed = _isNameGiven || !Array.Exists(Path, PathsAttribute.IsOfFile);
        var name = string.IsNullOrEmpty(Name) || !isNamed ? null : Name;
        if (name is not null && paths.Length > 1)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, name, $"One name, {name}, can't be given to {paths.Length} services. Nothing was registered.",
                "Leave -Name out, or register them one by one.")));
        }

        var intention = AtBoot ? "Register as a service that starts at every boot" : "Register as a service";
        foreach (var path in paths)
        {
            PyServiceHost?[] hosts = [.. _hosts.All.Where(host => ShouldProcess(host is null ? path : $"{path} on {host}", intention))];
            Run(call => Task.WhenAll(hosts.Select(
                host => RegisterAsync(host is null ? call : call.At(host, hosts.Length > 1), path, name))));
        }
    }

    private async Task RegisterAsync(EngineCall call, string path, string? name)
    {
        try
        {
            if (AtBoot && _installed.Add(call.HostName ?? ""))
                await BootSetup.EnsureAsync(call);
            var service = await call.Client.Services.RegisterAsync(path, name, call.Cancellation, AtBoot, Source);
            call.WriteVerbose($"{service.Name} is registered with {service.ConfigPath}.");
            if (PassThru)
                call.WriteObject(service);
        }
        catch (ServiceCtlException error)
            when (call.HostName is not null || error.Code is ErrorCode.ServiceExists or ErrorCode.InvalidArgument
                or ErrorCode.ConfigNotFound or ErrorCode.ConfigInvalid)
        {
            call.WriteError(error.Report, path);
        }
    }
}
