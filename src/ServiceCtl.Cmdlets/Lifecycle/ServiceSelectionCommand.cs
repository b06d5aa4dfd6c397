using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Everything that works on registered services chosen by name, by pattern or through the pipeline.</summary>
public abstract class ServiceSelectionCommand : EngineCommand
{
    private protected const string Noun = "PyService";
    private protected const string NameSet = "Name";
    private protected const string InputObjectSet = "InputObject";

    private protected ServiceSelectionCommand()
    {
    }

    /// <summary>Names, or patterns as PowerShell has them. Upper and lower case differ, as in file names.</summary>
    public abstract string[] Name { get; set; }

    /// <summary>Stands for the name: what the object says beside it may be out of date and is not used.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
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

    /// <summary>The names and patterns that this record of the pipeline brings.</summary>
    private protected IReadOnlyList<string> RecordNames =>
        ParameterSetName == InputObjectSet ? [.. InputObject.Select(service => service.Name)] : Name;

    /// <summary>The services that the names choose, each once, as they are now. Literal names that are not known become errors.</summary>
    private protected Task<IReadOnlyList<PyService>> SelectAsync(EngineCall call, IReadOnlyList<string> names) =>
        SelectAsync(call, names, patterns => call.Engine.GetServicesAsync(patterns, call.Cancellation), service => service.Name);

    /// <summary>The names of the services that the names choose. Starts no agent.</summary>
    private protected Task<IReadOnlyList<string>> SelectNamesAsync(EngineCall call, IReadOnlyList<string> names) =>
        SelectAsync(call, names, patterns => call.Engine.GetKnownNamesAsync(patterns, call.Cancellation), name => name);

    private protected bool IsIncluded(string name) =>
        (Include.Length == 0 || Matches(Include, name)) && !Matches(Exclude, name);

    private async Task<IReadOnlyList<T>> SelectAsync<T>(
        EngineCall call, IReadOnlyList<string> names, Func<IReadOnlyList<string>, Task<IReadOnlyList<T>>> list, Func<T, string> nameOf)
    {
        if (names.Count == 0)
            return [];

        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        // A single name is asked for; more are picked from the list.
        var known = names is [var only] && IsLiteral(only) ? [] : await list([]);
        foreach (var name in names)
        {
            var wildcard = WildcardPattern.Get(name, WildcardOptions.None);
            var matching = known.Where(service => IsLiteral(name) ? nameOf(service) == name : wildcard.IsMatch(nameOf(service)));
            if (IsLiteral(name) && !matching.Any())
                matching = await FindAsync(call, name, list);
            foreach (var service in matching)
                found.TryAdd(nameOf(service), service);
        }

        return [.. found.Where(service => IsIncluded(service.Key)).Select(service => service.Value)];
    }

    private static async Task<IReadOnlyList<T>> FindAsync<T>(EngineCall call, string name, Func<IReadOnlyList<string>, Task<IReadOnlyList<T>>> list)
    {
        try
        {
            return await list([name]);
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.ServiceNotFound)
        {
            call.WriteError(error.Report, name);
            return [];
        }
    }

    private static bool IsLiteral(string name) => !WildcardPattern.ContainsWildcardCharacters(name);

    private static bool Matches(string[] patterns, string name) =>
        Array.Exists(patterns, pattern => WildcardPattern.Get(pattern, WildcardOptions.None).IsMatch(name));
}
