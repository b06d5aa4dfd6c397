using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Client;

/// <summary>Exceptions and errors, sorted out of logs.</summary>
public sealed class RelogVerbs
{
    private readonly AgentConnection _agent;

    internal RelogVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>
    /// Sorts the logs of the services that the patterns select: results in a folder beside the logs, each line once, however often this is
    /// called. The agent does it, since it follows the same logs. Reports come as services are done, failures among them.
    /// </summary>
    public async IAsyncEnumerable<RelogEvent> SortAsync(
        RelogRequest request, IProgress<OperationProgress>? progress, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        await foreach (var happened in api.RelogAsync(request, cancellation))
        {
            if (happened.Progress is { } step)
                progress?.Report(step);
            else
                yield return happened;
        }
    }

    /// <summary>Sorts any logs, without a service and without an agent.</summary>
    /// <param name="files">In the order in which they were written, where they are parts of one log under names of their own.</param>
    /// <param name="destination">The folder for the results, which remembers what was read; null: only the report is wanted.</param>
    /// <param name="emptyFirst">Whether to empty the results first.</param>
    /// <param name="progress">Receives bytes and rate.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such file; the results can't be
    /// written.</exception>
    [SupportedOSPlatform("linux")]
    public static async Task<RelogReport> SortFilesAsync(
        IReadOnlyList<string> files, string? destination, bool emptyFirst, IProgress<OperationProgress>? progress,
        CancellationToken cancellation)
    {
        string[] paths = [.. files.Select(ServiceFolder.Resolve)];
        if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, missing, $"There is no file {missing}. Nothing was done.",
                "Name log files, not folders.");

        var results = destination is null ? null : ServiceFolder.Resolve(destination);
        using var mine = results is null ? null : await LockResultsAsync(results, cancellation);
        var session = new RelogSession(new RelogPlan { Files = paths, Results = results, IsFinal = true }, TimeProvider.System);
        return await Task.Run(() => session.Run(emptyFirst, SecretPattern.MaskUrls, progress, cancellation), cancellation);
    }

    [SupportedOSPlatform("linux")]
    private static async Task<LockFile> LockResultsAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return await LockFile.AcquireAsync(Path.Combine(folder, "lock"), cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, folder, $"The results can't be written to {folder}: {error.Message}",
                "Choose a folder of your own.", error);
        }
    }
}
