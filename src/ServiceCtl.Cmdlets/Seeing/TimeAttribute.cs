using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Binding;

namespace ServiceCtl.Cmdlets;

/// <summary>Lets a time be written as <c>10m</c> (ago), or be a duration, beside what PowerShell takes for a time by itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        TimeSpan ago => DateTimeOffset.Now - ago,
        // PowerShell's own reading of 30s and 1d: numbers with a suffix for their type. A number without one is seconds, as in
        // configurations.
        short seconds => SecondsAgo(seconds),
        int seconds => SecondsAgo(seconds),
        long seconds => SecondsAgo(seconds),
        double seconds => SecondsAgo(seconds),
        decimal days => SecondsAgo((double)days * 86_400),
        string text => Parse(text),
        ValueType and not (DateTime or DateTimeOffset) => throw new ArgumentTransformationMetadataException(
            $"'{inputData}' is not a time. Write how long ago, such as 10m or 2h, or a date and time, such as 2026-11-24T10:30."),
        _ => inputData,
    };

    private static DateTimeOffset SecondsAgo(double seconds)
    {
        var now = DateTimeOffset.Now;
        return seconds >= 0 && seconds < (now - DateTimeOffset.UnixEpoch).TotalSeconds
            ? now.AddSeconds(-seconds)
            : throw new ArgumentTransformationMetadataException(
                "How long ago is a number of seconds that is neither negative nor before 1970.");
    }

    // Apart, so that the engine is loaded for text only.
    private static DateTimeOffset Parse(string text) => UserInput.ParseTime(text);
}
