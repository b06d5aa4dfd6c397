using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Client;

/// <summary>The logs of this host's services, read from their files.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LogFiles(AgentConnection agent, CatalogVerbs catalog) : IDisposable
{
    private readonly Lazy<FileChanges> _fileChanges = new(() => new FileChanges());

    public async IAsyncEnumerable<LogLine?> ReadAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pattern = LinePattern(request.Pattern);
        var services = await catalog.SelectAsync(request.Services, cancellation);
        var streams = services.Select(service => ReadLogAsync(service, request, pattern, cancellation));
        await foreach (var line in LogMerge.ByTimeAsync([.. streams], cancellation))
            yield return line;
    }

    public void Dispose()
    {
        if (_fileChanges.IsValueCreated)
            _fileChanges.Value.Dispose();
    }

    /// <summary>One service's, all its sources together, with the null of <see cref="LogMerge"/>.</summary>
    private async IAsyncEnumerable<LogLine?> ReadLogAsync(
        KnownService service, LogRequest request, Regex? pattern, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (definition, problem) = await ReadDefinitionAsync(service, cancellation);
        if (problem is not null)
            yield return new LogLine { Service = service.Name, Text = problem, IsRemark = true };

        var tail = request.Tail ?? (request is { Follow: true, Since: null } ? LogRequest.FollowedTail : null);
        var isFiltered = pattern is not null || request.Until is not null;
        // A filter decides which lines are the last ones, so that all have to be looked at.
        var query = new LogQuery { Tail = isFiltered ? null : tail, Since = request.Since, Follow = request.Follow };
        var mask = definition?.Mask ?? SecretMask.Of([]);
        var sources = SourcesOf(service.Name, definition, request.Origin);
        var lines = LogMerge.ByTimeAsync(
            [.. sources.Select(source => new LogReader(source, _fileChanges, mask).ReadAsync(query, cancellation))], cancellation);
        if (isFiltered)
            lines = lines.Where(line => line is null || (IsMatch(pattern, line) && !(line.Time > request.Until)));
        await foreach (var line in tail is { } count ? Marked.LastAsync(lines, count, cancellation) : lines)
            yield return line;
    }

    private IEnumerable<LogSource> SourcesOf(string service, ServiceDefinition? definition, LogOrigin origin)
    {
        if (origin is not LogOrigin.Server)
        {
            yield return new LogSource { Service = service, Path = agent.Paths.ServiceOutput(service) };
            var canary = agent.Paths.ServiceCanaryOutput(service);
            if (File.Exists(canary))
                yield return new LogSource { Service = service, Path = canary };
        }

        if (origin is not LogOrigin.Output && definition?.ServerLog is { } log)
            yield return new LogSource
            {
                Service = service,
                Path = log,
                IsCaptured = false,
                TimeOf = LineTime.Finder(definition.Uwsgi.LogDate)
            };
    }

    /// <summary>As the service's configuration says; where that can't be read, as it said when what runs was launched.</summary>
    private async Task<(ServiceDefinition? Definition, string? Problem)> ReadDefinitionAsync(
        KnownService service, CancellationToken cancellation)
    {
        try
        {
            return (await ServiceDefinitionReader.ReadAsync(service.ConfigPath, service.Name, cancellation,
                SourceRequest.Of(service.Sources ?? []) with { User = service.User }), null);
        }
        catch (ServiceCtlException error)
        {
            return GenerationRecord.TryReadNewest(agent.Paths.ServiceRun(service.Name)) is { } record
                ? (record.Definition, null)
                : (null,
                    "The configuration can't be read, so secrets in these lines are not masked, and a log of the server's own is not "
                        + $"shown: {error.Message}");
        }
    }

    private static Regex? LinePattern(string? text)
    {
        try
        {
            return text is null ? null : new Regex(text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException error)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, text, $"'{text}' is not a regular expression: {error.Message}",
                "Put a \\ before special characters that are meant literally.", error);
        }
    }

    private static bool IsMatch(Regex? pattern, LogLine line)
    {
        try
        {
            return pattern?.IsMatch(line.Text) ?? true;
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, error.Pattern,
                $"The pattern '{error.Pattern}' takes longer than a second for one line.", "Write it without nested repetitions.", error);
        }
    }
}
