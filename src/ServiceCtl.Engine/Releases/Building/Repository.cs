using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>A git repository on this host, asked through the <c>git</c> command as the user whose it is.</summary>
/// <param name="Folder">A folder of the checkout, or of the mirror itself.</param>
/// <param name="User">Whose it is, where root asks; null: this process's.</param>
internal sealed record Repository(string Folder, string? User)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A deploy may be what a git hook runs, which sets variables that would lead to its own repository. A password is never asked for: the
    /// question would wait for ever.
    /// </summary>
    private static readonly string[] Plain =
    [
        "-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE", "-u", "GIT_COMMON_DIR", "-u", "GIT_OBJECT_DIRECTORY", "-u",
        "GIT_NAMESPACE", "-u", "GIT_PREFIX", "-u", "GIT_QUARANTINE_PATH", "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
    ];

    /// <summary>Who has chosen a way to ssh has seen to its questions.</summary>
    private static string[] Ssh => Environment.GetEnvironmentVariable("GIT_SSH_COMMAND") is null
        && Environment.GetEnvironmentVariable("GIT_SSH") is null ? ["GIT_SSH_COMMAND=ssh -o BatchMode=yes"] : [];

    /// <summary>The checkout that a folder is in; its owner's rights are those that root asks with.</summary>
    public static Repository Of(string folder) => new(folder, Environment.IsPrivilegedProcess ? FileOwner.Find(folder) : null);

    /// <summary>What git answers; null where it refuses.</summary>
    public async Task<string?> TryAskAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var run = await RunAsync(arguments, cancellation);
        return run.Code == 0 ? string.Join('\n', run.Lines).Trim() : null;
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>, with what git said.</exception>
    public async Task<string> AskAsync(string what, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var run = await RunAsync(arguments, cancellation);
        return run.Code == 0 ? string.Join('\n', run.Lines).Trim() : throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.System,
            Target = Folder,
            Message = $"{what}: git ended with {run.Code}.",
            Advice = "Its own lines say why.",
            LogLines = run.Lines,
        });
    }

    /// <summary>Which commit a name stands for.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such revision.</exception>
    public async Task<SourceRevision> ResolveAsync(string revision, CancellationToken cancellation)
    {
        // What begins with a dash would be an option.
        if (revision.StartsWith('-')
            || await TryAskAsync(cancellation, "rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}") is not { } commit)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, revision, $"{Folder} has no revision '{revision}'.",
                "Name a branch, a tag or a commit that is there ('git log' shows them).");
        }

        var name = revision == "HEAD"
            && await TryAskAsync(cancellation, "symbolic-ref", "--quiet", "--short", "HEAD") is { Length: > 0 } branch
            ? branch : revision;
        return new SourceRevision(name, commit, await TryAskAsync(cancellation, "log", "-1", "--format=%ct", commit));
    }

    /// <summary>The commits from one to another, the newest first.</summary>
    public async Task<IReadOnlyList<string>> CommitsAsync(string from, string to, CancellationToken cancellation) =>
        await TryAskAsync(cancellation, "log", "--oneline", "--no-decorate", "--max-count=50", $"{from}..{to}", "--")
            is { Length: > 0 } text ? text.Split('\n') : [];

    /// <summary>How <c>git archive</c> is started; it writes to its standard output.</summary>
    /// <param name="commit">Of which commit.</param>
    /// <param name="paths">What of it; none: all.</param>
    public ProcessStartInfo Archive(string commit, params IReadOnlyList<string> paths) =>
        ToolRun.StartOf("env", [.. Plain, "git", "-C", Folder, "archive", "--format=tar", commit, "--", .. paths], Folder, User);

    /// <summary>How <c>git pack-objects</c> is started; it reads which commits are wanted, and writes the pack.</summary>
    public ProcessStartInfo Pack() => ToolRun.StartOf(
        "env", [.. Plain, "git", "-C", Folder, "pack-objects", "--quiet", "--revs", "--thin", "--delta-base-offset", "--stdout"], Folder,
        User);

    private Task<ToolRun> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => ToolRun.RunAsync(
        "env", [.. Plain, .. Ssh, "git", "--no-pager", "-C", Folder, .. arguments],
        new Dictionary<string, string>(), Folder, User, null, Limit, cancellation);
}
