using System.Collections;
using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>
/// Takes every object that names a service for that service: by its property <c>Service</c>, else <c>Name</c>. What is found there is a
/// name, never a pattern. An object of ours that names none (a worker, the agent, a check of the host) is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ServiceInputAttribute : ArgumentTransformationAttribute
{
    private const string Ours = "ServiceCtl.Contracts.";

    /// <summary>Files and folders are for another parameter.</summary>
    public bool LeavesFiles { get; init; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        null => null,
        PyService service => service,
        string => throw Piped.NotThisParameter("This is text; names of services are for -Name."),
        FileSystemInfo when LeavesFiles => throw Piped.NotThisParameter("This is a file."),
        Array many => many.Cast<object?>().Select(each => Transform(engineIntrinsics, each)).ToArray(),
        { } other => Find(PSObject.AsPSObject(inputData), other),
    };

    private static PyService Find(PSObject shown, object value)
    {
        // Copies that crossed a process, or were selected from, keep the type's name behind a word of their own.
        var ours = shown.TypeNames.FirstOrDefault(type => type.Contains(Ours, StringComparison.Ordinal));
        var name = TextOf(shown, "Service")
            ?? (ours is null || IsService(ours) ? TextOf(shown, "Name") ?? TextOf(shown, "ServiceName") : null);
        if (name is not null)
        {
            return new PyService
            {
                Name = name,
                State = default,
                Runner = "",
                Path = "",
                ConfigPath = TextOf(shown, "ConfigPath") ?? "",
                HostName = TextOf(shown, "HostName"),
            };
        }

        var message =
            $"{Piped.KindOf(ours is null ? value : shown)} names no service. Give services, their names, or objects with a property Name "
                + "or Service that holds one.";
        // What only has a path may be for another parameter.
        throw ours is null && shown.Properties["Path"] is not null
            ? Piped.NotThisParameter(message) : Piped.Refused(char.ToUpperInvariant(message[0]) + message[1..]);
    }

    private static bool IsService(string type) =>
        type[(type.LastIndexOf('.') + 1)..] is nameof(PyService) or nameof(PyServiceStatus);

    private static string? TextOf(PSObject shown, string property) => shown.BaseObject is IDictionary table
        ? table.Keys.OfType<string>().Where(key => string.Equals(key, property, StringComparison.OrdinalIgnoreCase))
            .Select(key => Piped.Base(table[key])).OfType<string>().FirstOrDefault(text => text.Length > 0)
        : shown.Properties[property] is { IsGettable: true } found && Piped.Base(ValueOf(found)) is string { Length: > 0 } text
            ? text : null;

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            // A process that has ended has no name any more.
            return null;
        }
    }
}
