using System.Management.Automation;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>Paths are text, and files and folders stand for their own. Nothing else that is piped is taken for a path.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathsAttribute : ArgumentTransformationAttribute
{
    /// <summary>How the path of a file itself begins where patterns are expanded: no text that somebody writes does.</summary>
    private const string OfFile = "Microsoft.PowerShell.Core\\FileSystem::";

    /// <summary>Paths are taken as they are written, not as patterns.</summary>
    public bool AreLiteral { get; init; }

    /// <summary>Was the path made of a file or folder?</summary>
    public static bool IsOfFile(string path) => path.StartsWith(OfFile, StringComparison.Ordinal);

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        null => null,
        string text => text,
        FileSystemInfo file => AreLiteral ? file.FullName : OfFile + WildcardPattern.Escape(file.FullName),
        var list when Piped.ItemsOf(list) is { } items => items.Select(each => Transform(engineIntrinsics, each)).ToArray(),
        { } other => throw Piped.NotThisParameter($"A path is text, and this is {Piped.KindOf(other)}."),
    };
}
