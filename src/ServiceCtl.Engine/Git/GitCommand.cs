using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Git;

/// <summary>Reads a checkout through the <c>git</c> command.</summary>
internal sealed class GitCommand
{
    /// <summary>Variables that would make git look at another repository than the folder's; a git hook that calls us sets them.</summary>
    private static readonly string[] RepositoryVariables =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX"];

    private readonly string _program;

    /// <param name="program">Name or path of the command.</param>
    public GitCommand(string program)
    {
        _program = program;
    }

    /// <param name="folder">A folder of the checkout.</param>
    /// <param name="trouble">Why it was not read in process, for the message when this fails as well.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <param name="user">Whose repository it is: the command runs as that user, without anything of this process's environment. Null: as
    /// this one's.</param>
    public async Task<GitReading> ReadAsync(string folder, string trouble, CancellationToken cancellation, string? user = null)
    {
        try
        {
            // core.fsmonitor may name a program, and no program of the repository's choice is run for a look at its commit.
            var status = await RunAsync(folder, user, cancellation,
                "-c", "core.fsmonitor=false", "status", "--porcelain=v2", "--branch", "--untracked-files=no",
                "--ignore-submodules=untracked");
            if (status.ExitCode != 0)
                return Explain(folder, status.Error, user);

            var revision = ParseStatus(status.Output);
            if (revision.Commit is null)
                return GitReading.Of(revision);

            var commit = await RunAsync(folder, user, cancellation, "show", "--no-patch", "--no-show-signature", "--encoding=UTF-8",
                "--format=%cI%n%s", revision.Commit);
            return commit.ExitCode == 0 ? GitReading.Of(AddCommit(revision, commit.Output)) : Explain(folder, commit.Error, user);
        }
        catch (Win32Exception e)
        {
            return Checkout.FindRoot(folder) is null
                ? GitReading.NoCheckout
                : GitReading.Failed($"the git checkout of {folder} can't be read: {trouble} And the git command can't be run: {e.Message}");
        }
    }

    /// <summary>Reads <c>git status --porcelain=v2 --branch</c>: headers start with <c>#</c>, every other line is a change.</summary>
    internal static GitRevision ParseStatus(string output)
    {
        string? commit = null, branch = null;
        var dirty = false;
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# branch.oid ", StringComparison.Ordinal))
                commit = line[13..] is "(initial)" ? null : line[13..];
            else if (line.StartsWith("# branch.head ", StringComparison.Ordinal))
                branch = line[14..] is "(detached)" ? null : line[14..];
            else if (line[0] != '#')
                dirty = true;
        }
        return new GitRevision { Commit = commit, Branch = branch, Dirty = dirty };
    }

    private static GitRevision AddCommit(GitRevision revision, string output)
    {
        var lines = output.Split('\n');
        return revision with
        {
            CommittedAt = DateTimeOffset.Parse(lines[0], CultureInfo.InvariantCulture),
            Subject = lines[1],
        };
    }

    /// <summary>What git does not take for a repository is none, unless one is there that it can't or won't read.</summary>
    private static GitReading Explain(string folder, string error, string? user)
    {
        if (error.Contains("must be run in a work tree", StringComparison.Ordinal))
            return GitReading.NoCheckout;
        if (error.Contains("not a git repository", StringComparison.Ordinal))
            return Checkout.FindRoot(folder) is { } root && Checkout.IsRepository(root)
                ? GitReading.Failed($"git takes the .git in {root} for no repository{As(user)}: a part of it is missing or may not be read")
                : GitReading.NoCheckout;
        if (error.Contains("dubious ownership", StringComparison.Ordinal))
            return user is null
                ? GitReading.OfAnotherUser(folder)
                : GitReading.Failed($"git does not read the repository of {folder}{As(user)}, because parts of it belong to somebody else");
        return GitReading.Failed($"the git checkout of {folder} can't be read: {error.Trim().ReplaceLineEndings(" ")}");
    }

    private static string As(string? user) => user is null ? "" : $" as {user}, whom the folder belongs to";

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string folder, string? user, CancellationToken cancellation, params string[] arguments)
    {
        var start = user is null ? new ProcessStartInfo(_program) : AsUser(LoginUser.Get(user, folder));
        foreach (var argument in (string[])["--no-pager", "-C", folder, .. arguments])
            start.ArgumentList.Add(argument);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        foreach (var variable in RepositoryVariables)
            start.Environment.Remove(variable);
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{_program} was not started");
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Kill(process);
            throw;
        }
    }

    /// <summary>Its filters and the programs of its configuration get no more than that user has.</summary>
    private ProcessStartInfo AsUser(LoginUser user)
    {
        var start = new ProcessStartInfo("setpriv", [.. Launcher.RightsOf(user), "--no-new-privs", "--", _program]);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["HOME"] = user.HomeFolder;
        return start;
    }
}
