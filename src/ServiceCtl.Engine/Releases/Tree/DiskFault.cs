using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>A file or folder of a deploy can't be read or written.</summary>
internal static class DiskFault
{
    public const string Advice = "Look at the space on the disk, and at the permissions.";

    public static ErrorReport Report(string target, string message) =>
        new() { Code = ErrorCode.System, Target = target, Message = message, Advice = Advice };
}
