using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>Several hosts, asked side by side: what one of them fails by is its own answer, and holds up none of the others.</summary>
public sealed class HostGroup(IReadOnlyList<ServiceCtlClient> hosts) : IDisposable
{
    /// <summary>The client of this host, where it is about no other.</summary>
    public ServiceCtlClient? Here => hosts is [{ HostName: null } only] ? only : null;

    /// <summary>Has what is shown to say which host it is from?</summary>
    public bool AreSeveral => hosts.Count > 1;

    /// <summary>An answer of each, in the order of the hosts. What this host fails by is thrown.</summary>
    public async Task<IReadOnlyList<HostAnswer<T>>> AskAsync<T>(Func<ServiceCtlClient, Task<T>> question) => Here is { } only
        ? [new HostAnswer<T>(only, await question(only), null)]
        : await Task.WhenAll(hosts.Select(host => AskAsync(host, question)));

    /// <summary>Answers of all of them as they come. What this host fails by is thrown.</summary>
    public async IAsyncEnumerable<HostAnswer<T>> StreamAsync<T>(
        Func<ServiceCtlClient, IAsyncEnumerable<T>> question,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Here is { } only)
        {
            await foreach (var value in question(only).WithCancellation(cancellation))
                yield return new HostAnswer<T>(only, value, null);
            yield break;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Bounded: who reads slowly makes the hosts wait, and the memory does not grow.
        var answers = Channel.CreateBounded<HostAnswer<T>>(1000);
        var all = Task.WhenAll(hosts.Select(async host =>
        {
            try
            {
                await foreach (var value in question(host).WithCancellation(end.Token))
                    await answers.Writer.WriteAsync(new HostAnswer<T>(host, value, null), end.Token);
            }
            catch (ServiceCtlException error)
            {
                await answers.Writer.WriteAsync(new HostAnswer<T>(host, default, Of(host, error)), end.Token);
            }
        }));
        _ = all.ContinueWith(ended => answers.Writer.Complete(ended.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await foreach (var answer in answers.Reader.ReadAllAsync(cancellation))
                yield return answer;
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    /// <summary>
    /// Lines of the logs of all of them, merged by time, then as they come. What another host fails by is reported, and ends its lines
    /// only.
    /// </summary>
    public IAsyncEnumerable<LogLine> ReadLogsAsync(LogRequest request, Func<ErrorReport, Task> report, CancellationToken cancellation) =>
        ReadLogsAsync([.. hosts.Select(host => (host, request))], report, cancellation);

    /// <summary>The same, of hosts that are asked for different things.</summary>
    public static IAsyncEnumerable<LogLine> ReadLogsAsync(
        IReadOnlyList<(ServiceCtlClient Host, LogRequest Request)> asked, Func<ErrorReport, Task> report, CancellationToken cancellation) =>
        asked is [{ Host: { HostName: null } here, Request: var request }]
            ? here.Logs.ReadAsync(request, cancellation)
            : LogVerbs.MergeAsync(
                [.. asked.Select(one => ReportedAsync(one.Host, one.Host.Logs.ReadMarkedAsync(one.Request, cancellation), report))],
                cancellation);

    /// <summary>Events of all of them: what has happened by time, then what happens as it comes.</summary>
    public IAsyncEnumerable<ServiceEvent> ReadEventsAsync(
        EventRequest request, Func<ErrorReport, Task> report, CancellationToken cancellation) =>
        ReadEventsAsync([.. hosts.Select(host => (host, request))], report, cancellation);

    /// <summary>The same, of hosts that are asked for different things.</summary>
    public static IAsyncEnumerable<ServiceEvent> ReadEventsAsync(
        IReadOnlyList<(ServiceCtlClient Host, EventRequest Request)> asked, Func<ErrorReport, Task> report,
        CancellationToken cancellation) =>
        asked is [{ Host: { HostName: null } here, Request: var request }]
            ? here.Events.ReadAsync(request, cancellation)
            : EventVerbs.MergeAsync(
                [.. asked.Select(one => ReportedAsync(one.Host, one.Host.Events.ReadMarkedAsync(one.Request, cancellation), report))],
                cancellation);

    public void Dispose()
    {
        foreach (var host in hosts)
            host.Dispose();
    }

    private static async Task<HostAnswer<T>> AskAsync<T>(ServiceCtlClient host, Func<ServiceCtlClient, Task<T>> question)
    {
        try
        {
            return new HostAnswer<T>(host, await question(host), null);
        }
        catch (ServiceCtlException error)
        {
            return new HostAnswer<T>(host, default, Of(host, error));
        }
    }

    private static async IAsyncEnumerable<T> ReportedAsync<T>(
        ServiceCtlClient host, IAsyncEnumerable<T> values, Func<ErrorReport, Task> report)
    {
        await using var each = values.GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await each.MoveNextAsync())
                    yield break;
            }
            catch (ServiceCtlException error)
            {
                await report(Of(host, error));
                yield break;
            }

            yield return each.Current;
        }
    }

    private static ErrorReport Of(ServiceCtlClient host, ServiceCtlException error) => error.Report with { HostName = host.HostName };
}
