using System.Text;
using System.Text.RegularExpressions;

namespace ServiceCtl.Tests.Integration.Documentation;

/// <summary>
/// The shell lines of a page: the blocks fenced as <c>sh</c>, in their order. A block fenced as <c>sh no-run</c> is for reading only.
/// </summary>
internal static partial class ShellBlocks
{
    public static string Of(string page)
    {
        var script = new StringBuilder();
        foreach (Match block in Block().Matches(page))
            script.Append(block.Groups["lines"].Value);
        return script.ToString();
    }

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
