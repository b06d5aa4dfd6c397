using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Cmdlets about configurations, of registered services or by path. They need no agent, and start none. Without a name: the service
/// whose folder the location is; elsewhere, and on other hosts, all.
/// </summary>
public abstract class ServiceConfigCommand : EngineCommand, IDynamicParameters
{
    private readonly HostParameters _hosts = new();

    private protected const string NameSet = "Name";
    private protected const string InputObjectSet = "InputObject";
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    private readonly HashSet<string> _done = [];
    private readonly List<(PyServiceHost Host, string Word, bool IsPath)> _there = [];

    private protected ServiceConfigCommand()
    {
    }

    /// <summary>
    /// Names, or patterns: <c>*</c>, <c>?</c>, <c>[a-c]</c>, and <c>!</c> before what is to be left out. Upper and lower case differ, as in
    /// file names.
    /// </summary>
    // Not by property: a file has a name, too, and what an object names is for InputObject.
    [Parameter(ParameterSetName = NameSet, Position = 0, ValueFromPipeline = true)]
    [Alias("Service", "ServiceName")]
    [ValidateNotNullOrEmpty]
    [ServiceNames]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ServiceInput(LeavesFiles = true)]
    public PyService[] InputObject { get; set; } = [];

    /// <summary>Folders of services, or configuration files, registered or not.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Paths]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, taken as they are written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [Paths(AreLiteral = true)]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Values over all other sources, each as <c>key=value</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SettingCompleter))]
    public string[] Set { get; set; } = [];

    /// <summary>
    /// Where to search instead, lowest first: files, folders, patterns; <c>files</c>, <c>environment</c>, <c>env-files</c> and
    /// <c>options</c> are kinds of sources.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Source { get; set; } = [];

    /// <summary>Take this session's environment for the service's own, as <c>servicectl run</c> does.</summary>
    [Parameter]
    public SwitchParameter Environment { get; set; }

    /// <summary>Show secrets as they are.</summary>
    [Parameter]
    public SwitchParameter Reveal { get; set; }

    /// <inheritdoc cref="ServiceSelectionCommand.OtherWord"/>
    private protected virtual string? OtherWord => null;

    /// <summary>Was something named that is not there?</summary>
    private protected bool HasMissed { get; private set; }

    public object GetDynamicParameters() => _hosts;

    protected override void BeginProcessing()
    {
        if (MyInvocation.ExpectingInput && MyInvocation.BoundParameters.ContainsKey(nameof(Name)))
        {
            var names = string.Join(", ", Name);
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, names,
                $"The services come from the pipeline, and {MyInvocation.MyCommand.Name} was given a name as well: {names}.",
                OtherWord ?? "Leave one of them out.")));
        }
    }

    protected sealed override void ProcessRecord()
    {
        TakeThere();
        if (IsElsewhere)
            return;
        if (LocalHost.HasServices)
            ProcessHere();
        else
            RefuseLocal();
    }

    [SupportedOSPlatform("linux")]
    private void ProcessHere()
    {
        string[] paths = ParameterSetName switch
        {
            PathSet => [.. Path.SelectMany(Find)],
            LiteralPathSet => [.. LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)],
            _ => [],
        };
        var location = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        Run(async call =>
        {
            foreach (var target in await FindAsync(call, paths, location))
            {
                if (_done.Add(target.Path))
                    await ActAsync(call, target);
            }
        });
    }

    [SupportedOSPlatform("linux")]
    private protected abstract Task ActAsync(EngineCall call, ConfigQuery target);

    /// <summary>The same on another host, about several at once.</summary>
    /// <param name="at">Where.</param>
    /// <param name="about">Names, or paths over there.</param>
    /// <param name="query">What else is asked.</param>
    private protected abstract Task ActThereAsync(EngineCall at, IReadOnlyList<string> about, ConfigQuery query);

    /// <summary>Is all of this record about other hosts?</summary>
    private bool IsElsewhere => ParameterSetName == InputObjectSet
        ? Array.TrueForAll(InputObject, service => service.HostName is not null) || _hosts.HostName.Length > 0
        : _hosts.HostName.Length > 0;

    // What the pipeline brings is gathered, so that each host is asked once.
    protected override void EndProcessing()
    {
        var groups = _there.GroupBy(each => each.Host.HostName).Select(group => group.ToArray()).ToList();
        if (groups.Count > 0)
            Run(call => Task.WhenAll(groups.Select(group => ActThereAsync(call, group, groups.Count > 1))));
    }

    /// <summary>Keeps what this record brings for other hosts: an object leads to its own, the rest to those of the command line.</summary>
    private void TakeThere()
    {
        PyServiceHost[] named = [.. _hosts.All.OfType<PyServiceHost>()];
        if (ParameterSetName != InputObjectSet)
        {
            var arePaths = ParameterSetName != NameSet;
            // Nobody is anywhere over there, so that no name means all.
            string[] words = arePaths ? [.. Path.Concat(LiteralPath).Select(AsPath)] : Name.Length > 0 ? Name : ["*"];
            _there.AddRange(named.SelectMany(host => words.Select(word => (host, word, arePaths))));
            return;
        }

        foreach (var service in InputObject.Where(service => service.HostName is not null || named.Length > 0))
        {
            if (ServiceSelection.IsPattern(service.Name) || ServiceSelection.IsExclusion(service.Name))
                Miss(service.Name);
            else
                _there.AddRange((service.HostName is { } own ? _hosts.TryFind(own, this) : named)
                    .Select(host => (host, service.Name, false)));
        }
    }

    /// <summary>The command takes a word for a name that has no slash.</summary>
    private static string AsPath(string path) => path.Contains('/') ? path : $"./{path}";

    private async Task ActThereAsync(EngineCall call, (PyServiceHost Host, string Word, bool IsPath)[] asked, bool areSeveral)
    {
        var isDone = await call.TryAtAsync(asked[0].Host, areSeveral, async at =>
        {
            string[] names = [.. asked.Where(each => !each.IsPath).Select(each => each.Word)];
            IReadOnlyList<string> selected = [];
            if (names.Length > 0)
            {
                (selected, var missing) = ServiceSelection.Select(names, await at.Client.Catalog.GetNamesAsync([], at.Cancellation));
                foreach (var name in missing)
                    Miss(at, name);
            }

            string[] about = [.. selected, .. asked.Where(each => each.IsPath).Select(each => each.Word).Distinct()];
            if (about.Length > 0)
                await ActThereAsync(at, about, Target("", (null, "", [])));
        });
        // Several hosts answer side by side: reading it and writing it back could lose what another one has set.
        if (!isDone)
            HasMissed = true;
    }

    [SupportedOSPlatform("linux")]
    private async Task<IReadOnlyList<ConfigQuery>> FindAsync(EngineCall call, string[] paths, string location)
    {
        var known = await call.Client.Catalog.FindConfigurationsAsync(call.Cancellation);
        if (ParameterSetName == NameSet && Name.Length == 0
            && (Source.Length > 0 ? location : ServiceFolder.FindConfig(location)) is { } here)
            paths = [here];
        if (ParameterSetName == InputObjectSet)
        {
            return [.. InputObject.Where(service => service.HostName is null).Select(service => FindOf(call, service, known))
                .OfType<ConfigQuery>()];
        }

        if (paths.Length > 0 || ParameterSetName is PathSet or LiteralPathSet)
            return [.. paths.Select(path => Target(path, known.FirstOrDefault(service => ServiceFolder.IsOf(service.ConfigPath, path))))];

        var (selected, missing) = ServiceSelection.Select(Name, [.. known.Select(service => service.Name)]);
        foreach (var name in missing)
            Miss(call, name);
        return [.. known.Where(service => selected.Contains(service.Name)).Select(service => Target(service.ConfigPath, service))];
    }

    /// <summary>An object may have been made of a name alone, or be older than its service's last move.</summary>
    private ConfigQuery? FindOf(
        EngineCall call, PyService service, IReadOnlyList<(string Name, string ConfigPath, IReadOnlyList<string> Sources)> known)
    {
        var registered = known.FirstOrDefault(other => other.Name == service.Name) is { Name: not null } found
            ? found : (service.Name, service.ConfigPath, service.Sources);
        if (registered.ConfigPath.Length > 0)
            return Target(registered.ConfigPath, registered);
        Miss(call, service.Name);
        return null;
    }

    private string[] Find(string pattern)
    {
        string[] found = [.. Resolve(pattern)];
        HasMissed |= found.Length == 0;
        return found;
    }

    private void Miss(string name)
    {
        HasMissed = true;
        WriteError(ErrorRecords.Create(ServiceSelection.UnknownService(name), name));
    }

    private void Miss(EngineCall call, string name)
    {
        HasMissed = true;
        call.WriteError(ServiceSelection.UnknownService(name), name);
    }

    private ConfigQuery Target(string path, (string? Name, string ConfigPath, IReadOnlyList<string> Sources) service) => new()
    {
        Path = path,
        Service = service.Name,
        Sources = Source.Length > 0 ? Source : service.Sources ?? [],
        Environment = Environment,
        Settings = Set,
        Reveal = Reveal,
    };
}
