using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>A configuration is a hashtable, an object, or JSON text; so a name before it keeps its place.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingsAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        string text when !text.TrimStart().StartsWith('{') => throw Piped.NotThisParameter(
            $"'{text}' is not a configuration. Give a hashtable, an object, or JSON text, which begins with {{; a file is for -Path."),
        ValueType or Array or PyService or PyServiceStatus => throw Piped.NotThisParameter(
            $"{Piped.KindOf(Piped.Base(inputData)!)} is not a configuration. Give a hashtable, an object, or JSON text."),
        _ => inputData,
    };
}
