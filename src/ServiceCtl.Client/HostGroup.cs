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

    private static ErrorReport Of(ServiceCtlClient host, ServiceCtlException error) => error.Report with { HostName = host.HostName };
}
