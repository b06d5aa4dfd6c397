using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;

namespace ServiceCtl.Engine.Projects;

/// <summary>The git repository of a project, asked as the user whose it is.</summary>
internal sealed partial class ProjectRepository
{
    private readonly Repository _repository;

    public ProjectRepository(string folder)
    {
        _repository = Repository.Of(folder);
    }

    /// <summary>Makes the repository, with everything in a first commit.</summary>
    /// <returns>The commit, in short.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>, with what git said: it does not know who commits,
    /// say.</exception>
    public async Task<string> BeginAsync(ProjectAnswers answers, CancellationToken cancellation)
    {
        const string what = "The project can't be committed, and was not made";
        await _repository.AskAsync(what, cancellation, "init", "--quiet");
        await _repository.AskAsync(what, cancellation, "add", "--all");
        await _repository.AskAsync(what, cancellation, "commit", "--quiet", "--message",
            $"A new project: {answers.Template.Id}, layout {answers.Layout}, database {answers.Database}");
        return await _repository.AskAsync(what, cancellation, "rev-parse", "--short", "HEAD");
    }

    /// <summary>Which of the files have changes that no commit has: changed, added, or unknown to git.</summary>
    /// <returns>Nothing where the folder is in no repository.</returns>
    public async Task<IReadOnlyList<string>> FindDirtyAsync(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        if (paths.Count == 0 || await _repository.TryAskAsync(cancellation, "rev-parse", "--show-prefix") is not { } prefix)
            return [];
        var status = await _repository.AskAsync("The project's repository can't be read", cancellation,
            ["-c", "core.quotePath=false", "status", "--porcelain=v2", "--untracked-files=all", "--", .. paths]);
        return [.. status.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Entry().Match(line))
            .Where(match => match.Success).Select(match => match.Groups["path"].Value)
            .Select(path => path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : path)];
    }

    // https://git-scm.com/docs/git-status#_porcelain_format_version_2
    [GeneratedRegex(@"\A(1( \S+){7} |2( \S+){8} |u( \S+){9} |\? )(?<path>[^\t]+)")]
    private static partial Regex Entry();
}
