using System.Collections;
using System.Management.Automation;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>What the binding of pipeline input goes by.</summary>
internal static class Piped
{
    public static object? Base(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>What a list holds; null for what is none.</summary>
    public static IEnumerable<object?>? ItemsOf(object? value) =>
        value is Array or ArrayList or IList<object> ? ((IEnumerable)value).Cast<object?>() : null;

    /// <summary>
    /// PowerShell goes on to the next parameter when it finds this kind of exception inside: the same as if a type did not fit.
    /// </summary>
    public static ArgumentTransformationMetadataException NotThisParameter(string message) =>
        new(message, new PSInvalidCastException(message));

    /// <summary>No other parameter is to be tried.</summary>
    public static ArgumentTransformationMetadataException Refused(string message) => new(message);

    public static string KindOf(object value)
    {
        var name = value is PSObject shown ? shown.TypeNames[0] : value.GetType().ToString();
        return $"an object of the type {name[(name.LastIndexOf('.') + 1)..]}";
    }
}
