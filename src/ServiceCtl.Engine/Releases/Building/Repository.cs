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
    private GitTool Git => new(Folder, User);

    /// <summary>The checkout that a folder is in; its owner's rights are those that root asks with.</summary>
    public static Repository Of(string folder) => new(folder, Environment.IsPrivilegedProcess ? FileOwner.Find(folder) : null);

    /// <inheritdoc cref="GitTool.TryAskAsync"/>
    public Task<string?> TryAskAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        Git.TryAskAsync(cancellation, arguments);

    /// <inheritdoc cref="GitTool.AskAsync"/>
    public Task<string> AskAsync(string what, CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        Git.AskAsync(what, cancellation, arguments);

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
        Git.StartOf(["archive", "--format=tar", commit, "--", .. paths]);

    /// <summary>How <c>git pack-objects</c> is started; it reads which commits are wanted, and writes the pack.</summary>
    public ProcessStartInfo Pack() => Git.StartOf("pack-objects", "--quiet", "--revs", "--thin", "--delta-base-offset", "--stdout");
}
