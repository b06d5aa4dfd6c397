using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Cmdlets about configurations, of registered services or by path. They need no agent, and start none. Without a name: the service
/// whose folder the location is; elsewhere all.
/// </summary>
public abstract class ServiceConfigCommand : EngineCommand
{
    private protected const string NameSet = "Name";
    private protected const string InputObjectSet = "InputObject";
    private protected const string PathSet = "Path";

    private protected ServiceConfigCommand()
    {
    }

    /// <summary>Names, or patterns: <c>*</c>, <c>?</c>, <c>[a-c]</c>, and <c>!</c> before what is to be left out. Upper and lower case differ, as in file names.</summary>
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ServiceName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public PyService[] InputObject { get; set; } = [];

    /// <summary>Folders of services, or configuration files, registered or not.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Values over all other sources, each as <c>key=value</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SettingCompleter))]
    public string[] Set { get; set; } = [];

    /// <summary>Show secrets as they are.</summary>
    [Parameter]
    public SwitchParameter Reveal { get; set; }

    protected sealed override void ProcessRecord()
    {
        string[] paths = ParameterSetName == PathSet ? [.. Path.SelectMany(Resolve)] : [];
        var location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        Run(async call =>
        {
            foreach (var target in await FindAsync(call, paths, location))
                await ActAsync(call, target);
        });
    }

    private protected abstract Task ActAsync(EngineCall call, ConfigQuery target);

    private async Task<IReadOnlyList<ConfigQuery>> FindAsync(EngineCall call, string[] paths, string location)
    {
        if (ParameterSetName == InputObjectSet)
            return [.. InputObject.Select(service => Target(service.ConfigPath, service.Name))];

        var known = await call.Client.Catalog.FindConfigurationsAsync(call.Cancellation);
        if (ParameterSetName == NameSet && Name.Length == 0 && ServiceFolder.FindConfig(location) is { } here)
            paths = [here];
        if (paths.Length > 0 || ParameterSetName == PathSet)
            return [.. paths.Select(path => Target(path, known.FirstOrDefault(service => ServiceFolder.IsOf(service.ConfigPath, path)).Name))];

        var (selected, missing) = ServiceSelection.Select(Name, [.. known.Select(service => service.Name)]);
        foreach (var name in missing)
            call.WriteError(ServiceSelection.UnknownService(name), name);
        return [.. known.Where(service => selected.Contains(service.Name)).Select(service => Target(service.ConfigPath, service.Name))];
    }

    private ConfigQuery Target(string path, string? service) => new() { Path = path, Service = service, Settings = Set, Reveal = Reveal };
}
