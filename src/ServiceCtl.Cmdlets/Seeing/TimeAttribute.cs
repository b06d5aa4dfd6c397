using System.Management.Automation;
using ServiceCtl.Client;

namespace ServiceCtl.Cmdlets;

/// <summary>Lets a time be written as <c>10m</c> (ago), or be a duration, beside what PowerShell takes for a time by itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        TimeSpan ago => DateTimeOffset.Now - ago,
        // PowerShell's own reading of 30s and 1d: numbers with a suffix for their type.
        short seconds => DateTimeOffset.Now - TimeSpan.FromSeconds(seconds),
        decimal days => DateTimeOffset.Now - TimeSpan.FromDays((double)days),
        string text => Parse(text),
        _ => inputData,
    };

    // Apart, so that the engine is loaded for text only.
    private static DateTimeOffset Parse(string text) => UserInput.ParseTime(text);
}
