using System.CommandLine;

namespace ServiceCtl.Host.Help;

/// <summary><c>--help</c>, after any verb.</summary>
internal static class HelpOption
{
    public static Option<bool> Create() =>
        new("--help", "-h", "-?") { Description = "Print this help.", Recursive = true, Action = new HelpAction() };
}
