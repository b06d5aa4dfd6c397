using System.Diagnostics;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Environments;

/// <summary>The <c>git</c> command in a folder.</summary>
/// <param name="Folder">Where it works.</param>
/// <param name="User">As whom, where root has it done for somebody else; null: as this process.</param>
internal sealed record GitTool(string Folder, string? User)
{
    /// <summary>What env(1) ends with where there is no git.</summary>
    public const int NotFound = 127;

    private static readonly TimeSpan UsualLimit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What env(1) is given before <c>git</c>. We may be what a git hook runs, which sets variables that lead to its own repository. A
    /// password is never asked for: the question would wait for ever.
    /// </summary>
    public static IReadOnlyList<string> Plain { get; } =
    [
        "-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE", "-u", "GIT_COMMON_DIR", "-u", "GIT_OBJECT_DIRECTORY", "-u",
        "GIT_NAMESPACE", "-u", "GIT_PREFIX", "-u", "GIT_QUARANTINE_PATH", "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
    ];

    /// <summary>How long it may take.</summary>
    public TimeSpan Limit { get; init; } = UsualLimit;

    /// <summary>Who has chosen a way to ssh has seen to its questions.</summary>
    private static string[] Ssh => Environment.GetEnvironmentVariable("GIT_SSH_COMMAND") is null
        && Environment.GetEnvironmentVariable("GIT_SSH") is null ? ["GIT_SSH_COMMAND=ssh -o BatchMode=yes"] : [];

    /// <summary>What git answers; null where it refuses, or is not there.</summary>
    public async Task<string?> TryAskAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var run = await RunAsync(cancellation, arguments);
        return run.Code == 0 ? AnswerOf(run) : null;
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>, with what git said.</exception>
    public async Task<string> AskAsync(string what, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var run = await RunAsync(cancellation, arguments);
        return run.Code == 0 ? AnswerOf(run) : throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.System,
            Target = Folder,
            Message = $"{what}: git ended with {run.Code}.",
            Advice = "Its own lines say why.",
            LogLines = run.Lines,
        });
    }

    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public Task<ToolRun> RunAsync(CancellationToken cancellation, params IReadOnlyList<string> arguments) => ToolRun.RunAsync(
        "env", [.. Plain, .. Ssh, "git", "--no-pager", "-C", Folder, .. arguments], new Dictionary<string, string>(), Folder, User,
        null, Limit, cancellation);

    /// <summary>How it is started where its output is more than a few lines.</summary>
    public ProcessStartInfo StartOf(params IReadOnlyList<string> arguments) =>
        ToolRun.StartOf("env", [.. Plain, "git", "-C", Folder, .. arguments], Folder, User);

    // What a line begins with may mean something: the first letter of a short status does.
    private static string AnswerOf(ToolRun run) => string.Join('\n', run.Lines).TrimEnd();
}
