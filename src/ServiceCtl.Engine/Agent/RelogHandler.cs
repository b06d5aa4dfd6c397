using System.Collections.Concurrent;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>Sorts the logs of services when that is ordered, and tells of their exceptions while they run.</summary>
internal sealed class RelogHandler : IDisposable
{
    private readonly ConcurrentDictionary<string, ServiceRelog> _services = new();
    private readonly SupervisionContext _context;
    private readonly Action<ServiceEvent> _publish;

    /// <param name="context">Knows the logs of services, and when they are written to.</param>
    /// <param name="publish">Takes the events.</param>
    public RelogHandler(SupervisionContext context, Action<ServiceEvent> publish)
    {
        _context = context;
        _publish = publish;
    }

    /// <summary>Tells of a service's exceptions from now on, if that is not done already.</summary>
    /// <param name="service">The service's.</param>
    /// <param name="since">What its server has logged before is not told.</param>
    public void Follow(Supervisor service, DateTimeOffset since)
    {
        // One that has ended meanwhile is followed from its next start on.
        if (service.Serving?.Definition is not { } definition)
            return;
        var name = definition.Name;
        try
        {
            RelogOf(name).Follow(definition, _context.OutputFileOf(name), since, _context.Changes, message => Warn(name, message));
        }
        catch (ServiceCtlException error)
        {
            Warn(name, $"Its exceptions are not told: {error.Message}");
        }
    }

    /// <summary>The exceptions that a service's logs have had, as far as they were sorted, by type and place.</summary>
    public async Task<IReadOnlyList<(string Type, string? Place)>> FindKnownAsync(Supervisor service, CancellationToken cancellation)
    {
        if (service.Serving?.Definition is not { } definition)
            return [];
        return await RelogOf(definition.Name).FindKnownAsync(definition, _context.OutputFileOf(definition.Name), cancellation);
    }

    public void Forget(string service)
    {
        if (_services.TryRemove(service, out var relog))
            relog.Dispose();
    }

    /// <summary>
    /// Sorts the logs of several services, one after the other: one alone uses all that the disk and two processors give.
    /// </summary>
    public IAsyncEnumerable<RelogEvent> RunAsync(
        IReadOnlyList<Supervisor> services, bool? emptyFirst, CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<RelogEvent>();
        _ = RunAllAsync();
        return events.Reader.ReadAllAsync(cancellation);

        async Task RunAllAsync()
        {
            Exception? failure = null;
            try
            {
                foreach (var service in services)
                    events.Writer.TryWrite(await RunOneAsync(service, emptyFirst, new Steps(events.Writer), cancellation));
            }
#pragma warning disable CA1031 // Comes out where the events are read.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = error;
            }

            events.Writer.Complete(failure);
        }
    }

    public void Dispose()
    {
        foreach (var service in _services.Keys)
            Forget(service);
    }

    private async Task<RelogEvent> RunOneAsync(Supervisor service, bool? emptyFirst, Steps progress, CancellationToken cancellation)
    {
        var name = service.Record.Name;
        try
        {
            var definition = await service.ReadDefinitionAsync(cancellation);
            return new RelogEvent
            {
                Report = await RelogOf(name).RunAsync(definition, _context.OutputFileOf(name), emptyFirst, progress, cancellation),
            };
        }
        catch (ServiceCtlException error)
        {
            return new RelogEvent { Error = error.Report with { Target = name } };
        }
    }

    private ServiceRelog RelogOf(string service) => _services.GetOrAdd(service, name => new ServiceRelog(name, _context.Time, _publish));

    private void Warn(string service, string message) => _publish(new ServiceEvent
    {
        Time = _context.Time.GetLocalNow(),
        Service = service,
        Kind = ServiceEventKind.Warning,
        Message = message,
    });

    private sealed class Steps(ChannelWriter<RelogEvent> events) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => events.TryWrite(new RelogEvent { Progress = value });
    }
}
