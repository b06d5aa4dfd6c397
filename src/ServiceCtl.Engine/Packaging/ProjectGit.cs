using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Packaging;

/// <summary>The checkout that a project is in, as its developer uses it.</summary>
internal sealed class ProjectGit(string folder)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Is it one?</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        try
        {
            return await TryAsync(cancellation, "rev-parse", "--git-dir") is not null;
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.RunnerMissing)
        {
            return false;
        }
    }

    /// <summary>What git answers; null where it refuses.</summary>
    public async Task<string?> TryAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var run = await RunAsync(arguments, cancellation);
        return run.Code == 0 ? string.Join('\n', run.Lines).TrimEnd() : null;
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>, with what git said.</exception>
    public async Task<string> AskAsync(string what, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var run = await RunAsync(arguments, cancellation);
        return run.Code == 0 ? string.Join('\n', run.Lines).TrimEnd() : throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.System,
            Target = folder,
            Message = $"{what}: git ended with {run.Code}.",
            Advice = "Its own lines say why.",
            LogLines = run.Lines,
        });
    }

    /// <summary>Files that git knows and whose changes are not committed, and changes that git does not know.</summary>
    public async Task<IReadOnlyList<string>> DirtyAsync(CancellationToken cancellation) =>
    [
        .. Names(await TryAsync(cancellation, "status", "--porcelain", "--untracked-files=no", "--", ".")),
        .. Names(await TryAsync(cancellation, "status", "--porcelain", "--untracked-files=all", "--", ChangeFiles.Folder))
            .Where(line => line.StartsWith("??", StringComparison.Ordinal)),
    ];

    private static string[] Names(string? text) => (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<ToolRun> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => ToolRun.RunAsync(
        "git", ["--no-pager", .. arguments], new Dictionary<string, string> { ["LC_ALL"] = "C", ["GIT_TERMINAL_PROMPT"] = "0" }, folder,
        null, null, Limit, cancellation);
}
