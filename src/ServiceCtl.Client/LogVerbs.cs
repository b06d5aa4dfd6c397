using System.Runtime.CompilerServices;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>What services print and log. Read from the files, so that it needs no agent and starts none.</summary>
public sealed class LogVerbs : IDisposable
{
    private readonly AgentConnection _agent;
    private readonly LogFiles? _files;

    internal LogVerbs(AgentConnection agent, CatalogVerbs catalog)
    {
        _agent = agent;
        _files = LocalHost.HasServices ? new LogFiles(agent, catalog) : null;
    }

    /// <summary>Lines of logs, in the order of their times, as they come. A service without a log has none.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known; <see cref="ErrorCode.InvalidArgument"/>: the request
    /// contradicts itself, or its pattern can't be understood; a log can't be read.
    /// </exception>
    public async IAsyncEnumerable<LogLine> ReadAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in ReadMarkedAsync(request, cancellation))
        {
            if (line is not null)
                yield return line;
        }
    }

    /// <summary>
    /// The same, with one null between what was there and what comes, where the request follows. Another host's agent reads them there.
    /// </summary>
    public async IAsyncEnumerable<LogLine?> ReadMarkedAsync(
        LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request is { Follow: true, Until: not null })
            throw EndlessRequest();
        var lines = _agent.HostName is null
            ? LocalHost.HasServices ? _files!.ReadAsync(request, cancellation) : throw LocalHost.Unsupported()
            : (await _agent.OpenAsync(cancellation)).ReadLogsAsync(request, cancellation);
        await foreach (var line in lines.WithCancellation(cancellation))
            yield return line;
    }

    /// <summary>Lines of several hosts as one stream, in the order of their times, each by the clock of its host.</summary>
    internal static async IAsyncEnumerable<LogLine> MergeAsync(
        IReadOnlyList<IAsyncEnumerable<LogLine?>> hosts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in LogMerge.ByTimeAsync(hosts, cancellation))
        {
            if (line is not null)
                yield return line;
        }
    }

    public void Dispose()
    {
        if (LocalHost.HasServices)
            _files?.Dispose();
    }

    internal static ServiceCtlException EndlessRequest() =>
        new(ErrorCode.InvalidArgument, "Until", "What is followed has no end: Until can't be combined with Follow.",
            "Leave one of them out.");
}
