using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Everything that works on registered services chosen by name, by pattern or through the pipeline.</summary>
public abstract class ServiceSelectionCommand : EngineCommand, IDynamicParameters
{
    private readonly HostParameters _hosts = new();

    private protected const string Noun = "PyService";
    private protected const string NameSet = "Name";
    private protected const string InputObjectSet = "InputObject";

    private protected ServiceSelectionCommand()
    {
    }

    /// <summary>
    /// Names, or patterns: <c>*</c>, <c>?</c>, <c>[a-c]</c>, and <c>!</c> before what is to be left out. Upper and lower case differ, as in
    /// file names.
    /// </summary>
    public abstract string[] Name { get; set; }

    /// <summary>Stands for the name: what the object says beside it may be out of date and is not used.</summary>
    // Not mandatory: PowerShell would ask for objects, which nobody can type.
    [Parameter(ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ServiceInput]
    public PyService[] InputObject { get; set; } = [];

    /// <summary>Of the services chosen, only those that match one of these.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Include { get; set; } = [];

    /// <summary>Of the services chosen, not those that match one of these.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    /// <summary>Is nothing said about services to mean none, or to be an error?</summary>
    private protected virtual bool NeedsChoice => true;

    /// <summary>What to write where a word that was meant for something else stands where a name is expected.</summary>
    private protected virtual string? OtherWord => null;

    protected override void BeginProcessing()
    {
        var given = MyInvocation.BoundParameters;
        var command = MyInvocation.MyCommand.Name;
        if (MyInvocation.ExpectingInput && given.ContainsKey(nameof(Name)))
        {
            var names = string.Join(", ", Name);
            Refuse(names, $"The services come from the pipeline, and {command} was given a name as well: {names}. Nothing was done.",
                OtherWord ?? "Leave one of them out.");
        }

        if (NeedsChoice && ParameterSetName == InputObjectSet && !MyInvocation.ExpectingInput && !given.ContainsKey(nameof(InputObject)))
            Refuse(null, $"{command} was not told which services. Nothing was done.",
                $"Name them, as in '{command} web', or pipe them, as in 'Get-PyService web | {command}'; '{command} *' means all.");
    }

    private void Refuse(string? target, string message, string advice) =>
        ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(ErrorCode.InvalidArgument, target, message, advice)));

    /// <summary>The parameters that say which hosts.</summary>
    public object GetDynamicParameters() => _hosts;

    /// <summary>The hosts that were named; a null for this one where none is.</summary>
    private protected IReadOnlyList<PyServiceHost?> Hosts => _hosts.All;

    /// <summary>Were other hosts named?</summary>
    private protected bool AreHostsNamed => _hosts.HostName.Length > 0;

    /// <summary>
    /// The names and patterns that this record of the pipeline brings, with the hosts they are meant for: that of an object, else those of
    /// the command line. What an object holds is a name, and an error where no service can have it.
    /// </summary>
    private protected IReadOnlyList<ServiceChoice> TakeNames()
    {
        var hosts = _hosts.All;
        if (ParameterSetName != InputObjectSet)
            return [.. hosts.SelectMany(host => Name.Select(name => new ServiceChoice(host, name)))];

        var choices = new List<ServiceChoice>();
        foreach (var service in InputObject)
        {
            if (ServiceSelection.IsPattern(service.Name) || ServiceSelection.IsExclusion(service.Name))
                WriteError(ErrorRecords.Create(ServiceSelection.UnknownService(service.Name), service.Name));
            else if (service.HostName is null)
                choices.AddRange(hosts.Select(host => new ServiceChoice(host, service.Name)));
            else
                choices.AddRange(_hosts.TryFind(service.HostName, this).Select(host => new ServiceChoice(host, service.Name)));
        }

        return choices;
    }

    /// <summary>The services that the names choose, each once, as they are now. Literal names that are not known become errors.</summary>
    private protected async Task<IReadOnlyList<PyService>> SelectAsync(EngineCall call, IReadOnlyList<ServiceChoice> choices)
    {
        var found = new List<PyService>();
        await OnEachAsync(call, choices, async (at, host, names) =>
        {
            var services = await SelectAsync(at, names, patterns => at.Client.Services.GetAsync(patterns, at.Cancellation),
                service => service.Name);
            lock (found)
                found.AddRange(services);
        });
        string?[] hosts = [.. choices.Select(choice => choice.Host?.HostName).Distinct()];
        return [.. found.OrderBy(service => Array.IndexOf(hosts, service.HostName))];
    }

    /// <summary>The names of the services that the names choose on one host. Starts no agent.</summary>
    private protected Task<IReadOnlyList<string>> SelectNamesAsync(EngineCall call, IReadOnlyList<string> names) =>
        SelectAsync(call, names, patterns => call.Client.Catalog.GetNamesAsync(patterns, call.Cancellation), name => name);

    /// <summary>Does something with services on each of their hosts, side by side.</summary>
    private protected Task OnEachAsync(
        EngineCall call, IEnumerable<PyService> services, Func<EngineCall, IReadOnlyList<PyService>, Task> work)
    {
        var groups = services.GroupBy(service => service.HostName).ToList();
        return Task.WhenAll(groups.Select(group => call.TryAtAsync(
            group.Key is null ? null : _hosts.Find(group.Key), groups.Count > 1, at => work(at, [.. group]))));
    }

    /// <summary>Does something with names on each of their hosts, side by side.</summary>
    private protected static Task OnEachAsync(
        EngineCall call, IEnumerable<ServiceChoice> choices, Func<EngineCall, PyServiceHost?, IReadOnlyList<string>, Task> work)
    {
        var groups = choices.GroupBy(choice => choice.Host?.HostName).ToList();
        return Task.WhenAll(groups.Select(group => call.TryAtAsync(
            group.First().Host, groups.Count > 1, at => work(at, group.First().Host, [.. group.Select(choice => choice.Name)]))));
    }

    /// <summary>What -WhatIf and -Confirm call it.</summary>
    private protected static string TargetOf(PyService service) =>
        service.HostName is { } host ? $"{service.Name} on {host}" : service.Name;

    private protected bool IsIncluded(string name) =>
        (Include.Length == 0 || Matches(Include, name)) && !Matches(Exclude, name);

    private async Task<IReadOnlyList<T>> SelectAsync<T>(
        EngineCall call, IReadOnlyList<string> names, Func<IReadOnlyList<string>, Task<IReadOnlyList<T>>> list, Func<T, string> nameOf)
    {
        var chosen = await ServiceSelection.PickAsync(names, list, nameOf, error => call.WriteError(error.Report, error.Target));
        return [.. chosen.Where(service => IsIncluded(nameOf(service)))];
    }

    private static bool Matches(string[] patterns, string name) =>
        Array.Exists(patterns, pattern => ServiceSelection.Matches(pattern, name));
}
