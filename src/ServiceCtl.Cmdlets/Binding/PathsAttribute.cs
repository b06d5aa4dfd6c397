using System.Collections;
using System.Management.Automation;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>Paths are text; with <see cref="TakesFiles"/>, files and folders stand for their own. Nothing else that is piped is taken for a path.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathsAttribute : ArgumentTransformationAttribute
{
    public bool TakesFiles { get; init; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        null => null,
        string text => text,
        FileSystemInfo file when TakesFiles => file.FullName,
        Array or ArrayList or IList<object> => ((IEnumerable)Piped.Base(inputData)!).Cast<object?>().Select(each => Transform(engineIntrinsics, each)).ToArray(),
        { } other => throw Piped.NotThisParameter($"A path is text, and this is {Piped.KindOf(other)}."),
    };
}
