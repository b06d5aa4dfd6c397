using System.Collections.Concurrent;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Checks;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// tests.yaml: the agent runs the tests, so that they get what the service gets: its user, its environment, and an end of everything they
/// start.
/// </summary>
public sealed partial class ServiceAgent
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _testing = new();

    /// <summary>
    /// Runs the tests of every service that the patterns select, as many services at a time as there are processors, and streams the
    /// results.
    /// </summary>
    public ChannelReader<ServiceTestEvent> Test(ServiceTestRequest request, CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<ServiceTestEvent>();
        _ = RunAsync();
        return events.Reader;

        async Task RunAsync()
        {
            try
            {
                var (names, missing) = NamePattern.Select(request.Services, [.. _supervisors.Keys.Order(StringComparer.Ordinal)]);
                foreach (var name in missing)
                    events.Writer.TryWrite(new ServiceTestEvent { Service = name, Error = NamePattern.NotFound(name).Report });

                var tester = new ServiceTester(_scopes, _watcher, request, events.Writer);
                await Parallel.ForEachAsync(
                    names.Select(_supervisors.GetValueOrDefault).OfType<Supervisor>(),
                    new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
                    async (supervisor, token) => await TestAsync(tester, supervisor, events.Writer, token));
                events.Writer.Complete();
            }
            catch (Exception error)
            {
                events.Writer.Complete(error);
            }
        }
    }

    private async Task TestAsync(
        ServiceTester tester, Supervisor supervisor, ChannelWriter<ServiceTestEvent> events, CancellationToken cancellation)
    {
        var record = supervisor.Record;
        // Two who test the same service have their turns: what one test run leaves running is ended with it.
        var turn = _testing.GetOrAdd(record.Name, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            var definition = await supervisor.ReadDefinitionAsync(cancellation);
            events.TryWrite(new ServiceTestEvent { Service = record.Name, Opening = await OpenAsync(record, isOnly: true, cancellation) });
            var isServing = record.State is ServiceState.Running or ServiceState.Restarting;
            // The tests of what is asked, though the link to it may have moved.
            if (isServing && supervisor.Serving?.Definition is { Release: not null } own && Directory.Exists(own.Folder))
                definition = own;
            await tester.RunAsync(definition, isServing ? supervisor.Serving?.Site : null, cancellation);
        }
        catch (ServiceCtlException error)
        {
            events.TryWrite(new ServiceTestEvent { Service = record.Name, Error = error.Report });
        }
        finally
        {
            turn.Release();
        }
    }
}
