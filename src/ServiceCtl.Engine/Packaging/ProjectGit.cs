using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Packaging;

/// <summary>The checkout that a project is in, as its developer uses it.</summary>
internal sealed class ProjectGit(string folder)
{
    private readonly GitTool _git = new(folder, User: null);

    /// <summary>Is it one?</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellation) =>
        await TryAsync(cancellation, "rev-parse", "--git-dir") is not null;

    /// <inheritdoc cref="GitTool.TryAskAsync"/>
    public Task<string?> TryAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        _git.TryAskAsync(cancellation, arguments);

    /// <inheritdoc cref="GitTool.AskAsync"/>
    public Task<string> AskAsync(string what, CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        _git.AskAsync(what, cancellation, arguments);

    /// <summary>Files that git knows and whose changes are not committed, and changes that git does not know.</summary>
    public async Task<IReadOnlyList<string>> DirtyAsync(CancellationToken cancellation) =>
    [
        .. Names(await TryAsync(cancellation, "status", "--porcelain", "--untracked-files=no", "--", ".")),
        .. Names(await TryAsync(cancellation, "status", "--porcelain", "--untracked-files=all", "--", ChangeFiles.Folder))
            .Where(line => line.StartsWith("??", StringComparison.Ordinal)),
    ];

    private static string[] Names(string? text) => (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
