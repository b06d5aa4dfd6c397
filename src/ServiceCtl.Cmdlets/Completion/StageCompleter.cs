using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Client;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes stages of the deploy.yaml in the folder that was named, or the current one.</summary>
public sealed class StageCompleter : IArgumentCompleter
{
    /// <summary>Longer than this, a user takes the Tab key for dead.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // An error in the middle of typing helps nobody.
        try
        {
            var word = wordToComplete.Trim('\'', '"');
            return [.. ListInTime(FolderOf(fakeBoundParameters)).Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(name => new CompletionResult(name))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>PowerShell's location is not the process's.</summary>
    internal static string FolderOf(IDictionary bound)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var here = shell.AddCommand("Get-Location").AddParameter("PSProvider", "FileSystem").Invoke<PathInfo>()[0].ProviderPath;
        return Path.GetFullPath(bound["Folder"] as string ?? ".", here);
    }

    private static IReadOnlyList<string> ListInTime(string folder)
    {
        using var limit = new CancellationTokenSource(Limit);
        var listing = Task.Run(() => ReleaseVerbs.FindStagesAsync(folder, limit.Token));
        return Task.WaitAny([listing], Limit) == 0 ? listing.GetAwaiter().GetResult() : [];
    }
}
