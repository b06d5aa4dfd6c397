using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Masking;

namespace ServiceCtl.Engine.Environments;

/// <summary>
/// Whether the keys and passwords of this user reach a repository. Nothing is asked on the way: a deploy could not answer.
/// </summary>
internal static class RepositoryCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <param name="repository">Its URL or path; null for the remote <c>origin</c> of a checkout.</param>
    /// <param name="folder">A folder of that checkout; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Null where there is no repository to ask for.</returns>
    public static async Task<HostCheck?> RunAsync(string? repository, string? folder, CancellationToken cancellation)
    {
        try
        {
            var isNamed = repository is not null;
            // A session may be in a folder that somebody has deleted.
            folder = Directory.Exists(folder) ? folder : null;
            if (!isNamed && folder is not null && await GitAsync(folder, cancellation, "remote", "get-url", "origin") is { Code: 0 } remote)
                repository = remote.Lines.Count > 0 ? remote.Lines[^1] : null;
            if (repository is not { Length: > 0 } url)
                return null;
            var run = await GitAsync(folder ?? "/", cancellation, "ls-remote", "--quiet", "--", isNamed ? url : "origin", "HEAD");
            // That it is missing is a check of its own.
            if (run.Code == GitTool.NotFound)
                return null;
            var shown = SecretPattern.MaskUrls(url);
            return run.Code == 0
                ? new HostCheck { Name = "repository", Outcome = HostCheckOutcome.Passed, Message = $"{shown} can be read." }
                : Lacking(isNamed, $"{shown} can't be read: {string.Join(' ', run.Lines.Where(line => line.Length > 0).Take(2))}",
                    AdviceOn(run.Lines));
        }
        catch (TimeoutException)
        {
            return Lacking(repository is not null, $"{SecretPattern.MaskUrls(repository ?? "origin")} does not answer.",
                "see whether this host may connect to it");
        }
    }

    private static string AdviceOn(IReadOnlyList<string> lines) => lines switch
    {
        _ when Says(lines, "Permission denied") || Says(lines, "could not read Username") =>
            "add the public key of this user (~/.ssh/id_*.pub) to the repository, forward an agent, or deploy by 'via: bundle'",
        _ when Says(lines, "Host key verification failed") => "connect once by hand, and compare the key: ssh-keyscan, ~/.ssh/known_hosts",
        _ => "see the URL; hosts without access are deployed to by 'via: archive' or 'via: bundle'",
    };

    private static bool Says(IReadOnlyList<string> lines, string words) =>
        lines.Any(line => line.Contains(words, StringComparison.Ordinal));

    private static HostCheck Lacking(bool isNamed, string message, string advice) => new()
    {
        Name = "repository",
        Outcome = isNamed ? HostCheckOutcome.Failed : HostCheckOutcome.Warning,
        Message = message,
        Advice = advice,
    };

    private static Task<ToolRun> GitAsync(string folder, CancellationToken cancellation, params string[] arguments) =>
        new GitTool(folder, User: null) { Limit = Limit }.RunAsync(cancellation, arguments);
}
