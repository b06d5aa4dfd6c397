using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>Completes stages of the deploy.yaml in the folder that was named, or the current one.</summary>
public sealed class StageCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        TimelyCompletion.Of(wordToComplete, () =>
        {
            var folder = FolderOf(fakeBoundParameters);
            return TimelyCompletion.List(limit => FindAsync(folder, limit)).Select(name => new CompletionResult(name));
        });

    private static Task<IReadOnlyList<string>> FindAsync(string folder, CancellationToken limit) =>
        LocalHost.HasServices ? ReleaseVerbs.FindStagesAsync(folder, limit) : Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>PowerShell's location is not the process's.</summary>
    internal static string FolderOf(IDictionary bound)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var here = shell.AddCommand("Get-Location").AddParameter("PSProvider", "FileSystem").Invoke<PathInfo>()[0].ProviderPath;
        return Path.GetFullPath(bound["Folder"] as string ?? ".", here);
    }
}
