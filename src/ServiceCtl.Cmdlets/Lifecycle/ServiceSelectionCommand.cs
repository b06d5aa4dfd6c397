using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;
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

    /// <summary>
    /// The names and patterns that this record of the pipeline brings. What an object holds is a name, and an error where no service can
    /// have it.
    /// </summary>
    private protected IReadOnlyList<string> TakeNames()
    {
        if (ParameterSetName != InputObjectSet)
            return Name;

        var names = new List<string>();
        foreach (var name in InputObject.Select(service => service.Name))
        {
            if (ServiceSelection.IsPattern(name) || ServiceSelection.IsExclusion(name))
                WriteError(ErrorRecords.Create(ServiceSelection.UnknownService(name), name));
            else
                names.Add(name);
        }

        return names;
    }

    /// <summary>The services that the names choose, each once, as they are now. Literal names that are not known become errors.</summary>
    private protected Task<IReadOnlyList<PyService>> SelectAsync(EngineCall call, IReadOnlyList<string> names) =>
        SelectAsync(call, names, patterns => call.Client.Services.GetAsync(patterns, call.Cancellation), service => service.Name);

    /// <summary>The names of the services that the names choose. Starts no agent.</summary>
    private protected Task<IReadOnlyList<string>> SelectNamesAsync(EngineCall call, IReadOnlyList<string> names) =>
        SelectAsync(call, names, patterns => call.Client.Catalog.GetNamesAsync(patterns, call.Cancellation), name => name);

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
