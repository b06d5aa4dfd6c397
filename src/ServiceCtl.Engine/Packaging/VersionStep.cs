using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Packaging;

/// <summary>Steps the version of a project: the version, the changelog and the changes are exchanged together, or not at all.</summary>
internal sealed class VersionStep(VersionRequest request, TimeProvider time)
{
    private const int Longest = 16 << 20;
    private static readonly string Data = Path.Combine("etc", "data.version");

    private readonly ProjectGit _git = new(request.Folder);

    private bool HasChanges => request.Kind is VersionKind.Semver or VersionKind.Calendar;

    /// <exception cref="ServiceCtlException">It can't be done; nothing was changed.</exception>
    public async Task<PyServiceVersion> RunAsync(CancellationToken cancellation)
    {
        RequireOptions();
        var project = ProjectFile.Read(request.Folder, cancellation);
        var isGit = await _git.IsThereAsync(cancellation);
        if (!isGit && (request.IsCommitted || request.IsTagged || request.Kind == VersionKind.Commit))
            throw new ServiceCtlException(ErrorCode.InvalidState, request.Folder, $"{request.Folder} is no checkout of git.",
                "Run 'git init' and commit, or leave '--commit' and '--tag' away.");
        IReadOnlyList<PyServiceChange> changes = HasChanges ? ChangeFiles.Require(request.Folder) : [];
        if (HasChanges && changes.Count == 0 && !request.IsEmptyAllowed)
            throw new ServiceCtlException(ErrorCode.InvalidState, request.Folder,
                $"Nothing says what is new: {Path.Combine(request.Folder, ChangeFiles.Folder)} has no changes.",
                "Write one ('servicectl change fix \"What works now\"'), or add '--allow-empty'.");
        if (isGit)
            await RequireCleanAsync(cancellation);

        var (before, version, tag) = await NextAsync(project, changes, cancellation);
        if (request.IsTagged && await _git.TryAsync(cancellation, "rev-parse", "--verify", "--quiet", $"refs/tags/{tag}") is not null)
            throw new ServiceCtlException(ErrorCode.InvalidState, tag, $"There is a tag {tag} already.", "Name a later version.");
        var (files, diff) = Edit(project, before, version, changes);
        var step = new PyServiceVersion
        {
            Project = project.Name,
            Kind = request.Kind,
            Before = before,
            Version = version,
            Tag = tag,
            Changes = changes,
            Diff = diff,
            Folder = request.Folder,
        };
        return request.IsPlan ? step : await WriteAsync(step, files, cancellation);
    }

    private void RequireOptions()
    {
        if (request.Kind != VersionKind.Semver && (request.Part is not null || request.Stage is not null))
            throw Wrong("Only a semantic version has parts and stages.", "Leave them away, or choose '--kind semver'.");
        if (request.Version is not null && (request.Part is not null || request.Stage is not null))
            throw Wrong("A version that is named has its parts already.", "Name either the version or the part.");
        if (request.Version is not null && !HasChanges)
            throw Wrong("A version of commits or data is counted, and can't be named.", "Leave the version away.");
        if (request.Kind == VersionKind.Commit && (request.IsCommitted || request.IsTagged))
            throw Wrong("A commit can't hold its own version.", "Leave '--commit' and '--tag' away.");
        if (request.Kind == VersionKind.Data && request.IsTagged)
            throw Wrong("A version of data has no tag.", "Leave '--tag' away.");
        if (request.IsTagged && !request.IsCommitted)
            throw Wrong("The tag would name the commit before the new version.", "Add '--commit'.");

        ServiceCtlException Wrong(string message, string advice) => new(ErrorCode.InvalidArgument, request.Folder, message, advice);
    }

    private async Task RequireCleanAsync(CancellationToken cancellation)
    {
        var dirty = (await _git.DirtyAsync(cancellation))
            // A version of commits is written again and again, and never committed.
            .Where(line => request.Kind != VersionKind.Commit || !line.EndsWith("pyproject.toml", StringComparison.Ordinal)).ToList();
        if (dirty.Count > 0)
            throw new ServiceCtlException(new ErrorReport
            {
                Code = ErrorCode.InvalidState,
                Target = request.Folder,
                Message = $"{request.Folder} has changes that are not committed.",
                Advice = "Commit or stash them.",
                LogLines = [.. dirty.Take(20)],
            });
    }

    private async Task<(string Before, string Version, string? Tag)> NextAsync(
        ProjectFile project, IReadOnlyList<PyServiceChange> changes, CancellationToken cancellation)
    {
        switch (request.Kind)
        {
            case VersionKind.Calendar:
                return With(NextVersion.Calendar(project.Version, request, Today));
            case VersionKind.Commit:
                var commit = await _git.AskAsync("There is no commit yet", cancellation, "rev-parse", "--short=7", "HEAD");
                var last = await _git.TryAsync(
                    cancellation, "describe", "--tags", "--abbrev=0", "--match=v[0-9]*", "--match=[0-9]*.[0-9]*");
                var count = await _git.AskAsync("The commits can't be counted", cancellation, "rev-list", "--count",
                    last is { Length: > 0 } ? $"{last}..HEAD" : "HEAD");
                var own = NextVersion.TagOf(NextVersion.Released(project.Version));
                var isReleased = own is not null
                    && await _git.TryAsync(cancellation, "rev-parse", "--verify", "--quiet", $"refs/tags/{own}") is not null;
                return (project.Version, NextVersion.OfCommit(project.Version, isReleased, int.Parse(count, CultureInfo.InvariantCulture),
                    commit), null);
            case VersionKind.Data:
                var text = (TryRead(Path.Combine(request.Folder, Data)) ?? "0").Trim();
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? (text, (number + 1).ToString(CultureInfo.InvariantCulture), null)
                    : throw new ServiceCtlException(ErrorCode.InvalidArgument, Data, $"{Data} holds '{text}', which is no number.",
                        "Write the number of the last migration into it.");
            default:
                return With(NextVersion.Semantic(project.Version, request, changes.Select(change => change.Kind)));
        }

        (string, string, string?) With((string Version, string Tag) next) => (project.Version, next.Version, next.Tag);
    }

    /// <summary>What each file is to hold, null for one that goes, and how that differs.</summary>
    private (Dictionary<string, string?> Files, IReadOnlyList<string> Diff) Edit(
        ProjectFile project, string before, string version, IReadOnlyList<PyServiceChange> changes)
    {
        Dictionary<string, string?> files = [];
        List<string> diff = [];
        if (request.Kind == VersionKind.Data)
        {
            files[Path.Combine(request.Folder, Data)] = version + "\n";
            return (files, [$"{Data}:1", $"- {before}", $"+ {version}"]);
        }

        var text = project.With(version);
        files[project.Path] = text;
        diff.AddRange([$"pyproject.toml:{project.VersionLine}", $"- {Line(project.With(before))}", $"+ {Line(text)}"]);
        if (!HasChanges)
            return (files, diff);
        var log = Path.Combine(request.Folder, Changelog.FileName);
        var section = Changelog.Section(version, Today, changes);
        var (whole, at) = Changelog.With(TryRead(log) ?? "", section);
        files[log] = whole;
        diff.Add(string.Create(CultureInfo.InvariantCulture, $"{Changelog.FileName}:{at}"));
        diff.AddRange(section.TrimEnd().Split('\n').Select(line => $"+ {line}".TrimEnd()));
        foreach (var change in changes)
        {
            files[change.Path] = null;
            diff.Add($"- {Path.GetRelativePath(request.Folder, change.Path)}");
        }

        return (files, diff);

        string Line(string all) => all.Split('\n')[project.VersionLine - 1].TrimEnd('\r');
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetLocalNow().Date);

    private async Task<PyServiceVersion> WriteAsync(
        PyServiceVersion step, Dictionary<string, string?> files, CancellationToken cancellation)
    {
        var before = files.Keys.ToDictionary(path => path, TryRead);
        string[] paths = [.. files.Keys];
        string? commit = null;
        try
        {
            Put(files);
            if (!request.IsCommitted)
                return step with { IsDone = true };
            await _git.AskAsync("The version can't be added", cancellation, ["add", "--all", "--", .. paths]);
            await _git.AskAsync("The version can't be committed", cancellation,
                ["commit", "--quiet", "-m", $"{step.Project} {step.Version}", "--", .. paths]);
            commit = await _git.AskAsync("The commit can't be found", CancellationToken.None, "rev-parse", "HEAD");
            if (request.IsTagged)
                await _git.AskAsync($"{commit} has the version, and the tag can't be made", CancellationToken.None, "tag", "-a", step.Tag!,
                    "-m", $"{step.Project} {step.Version}");
            return step with { IsDone = true, Commit = commit, IsTagged = request.IsTagged };
        }
        catch (Exception error)
        {
            // What was committed stays: then only the tag is missing.
            if (commit is null)
                await TakeBackAsync(before, paths);
            if (error is IOException or UnauthorizedAccessException)
                throw new ServiceCtlException(ErrorCode.System, request.Folder, $"The files can't be written: {error.Message}",
                    "Check the folder, its permissions, and the space on the disk.", error);
            throw;
        }
    }

    private async Task TakeBackAsync(Dictionary<string, string?> before, string[] paths)
    {
        try
        {
            Put(before);
            if (request.IsCommitted)
                await _git.TryAsync(CancellationToken.None, ["reset", "--quiet", "--", .. paths]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Why it was to be taken back is what has to be heard of.
        }
    }

    private static void Put(Dictionary<string, string?> files)
    {
        foreach (var (path, text) in files)
        {
            if (text is null)
            {
                File.Delete(path);
                continue;
            }

            NamedFile.MakeFolder(Path.GetDirectoryName(path)!);
            NamedFile.Replace(path, Encoding.UTF8.GetBytes(text), File.Exists(path) ? File.GetUnixFileMode(path) : FileModes.Readable);
        }
    }

    private static string? TryRead(string path) =>
        File.Exists(path) ? Encoding.UTF8.GetString(UserFiles.ReadAll(user: null, path, Longest)) : null;
}
