using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Support;

internal static class Descendants
{
    /// <summary>Children, their children and so on.</summary>
    public static IReadOnlyList<ProcessFigures> DescendantsOf(this ProcessTable table, int pid) =>
        [.. table.ChildrenOf(pid).SelectMany(child => table.DescendantsOf(child.Pid).Prepend(child))];
}
