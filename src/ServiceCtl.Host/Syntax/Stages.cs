using System.CommandLine;
using System.CommandLine.Completions;
using ServiceCtl.Client;

namespace ServiceCtl.Host.Syntax;

/// <summary>Which stage a command line is about.</summary>
internal static class Stages
{
    private static readonly TimeSpan CompletionLimit = TimeSpan.FromSeconds(2);

    public static Argument<string> Stage(string description = "The stage, as deploy.yaml calls it.")
    {
        var stage = SharedOptions.NonEmpty("stage", description);
        stage.CompletionSources.Add(_ => NamesForCompletion());
        return stage;
    }

    public static Option<string?> Folder() =>
        OptionValues.FilePath("--path", "The folder that holds deploy.yaml. Default: this folder.", "folder");

    /// <summary>The absolute path of the folder that was named.</summary>
    public static string Resolve(string? folder) => ServiceFolder.Resolve(folder ?? ".");

    private static IEnumerable<CompletionItem> NamesForCompletion()
    {
        using var limit = new CancellationTokenSource(CompletionLimit);
        var reading = ServiceFolder.Current is { } folder ? ReleaseVerbs.FindStagesAsync(folder, limit.Token) : null;
        // An error in the middle of typing helps nobody.
        return reading is not null && Task.WaitAny([reading], CompletionLimit) == 0 && reading.IsCompletedSuccessfully
            ? reading.GetAwaiter().GetResult().Select(stage => new CompletionItem(stage)) : [];
    }
}
