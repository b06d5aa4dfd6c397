using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Remote;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;
using ServiceCtl.Engine.Services.Watching;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// What is pushed to one service: the handler of pushed configurations, the sender of addresses, the sources of both, and what the next
/// agent has to know.
/// </summary>
internal sealed class RemoteService : IRemoteReceiver, IPushJournal, IAsyncDisposable
{
    private readonly Supervisor _supervisor;
    private readonly string _recordFile;
    private readonly TimeProvider _time;
    private readonly Action<ServiceEvent> _report;
    private readonly ModuleAddressSender _sender;
    private readonly SemaphoreSlim _following = new(1);
    private readonly Lock _gate = new();
    private RemoteRecord _record;
    private RemoteSources? _sources;
    private volatile ConfigPushHandler? _pushHandler;
    private IReadOnlyList<string> _required = [];

    public RemoteService(Supervisor supervisor, string recordFile, TimeProvider time, Action<ServiceEvent> report)
    {
        _supervisor = supervisor;
        _recordFile = recordFile;
        _time = time;
        _report = report;
        _record = RemoteRecord.Read(recordFile);
        _sender = new ModuleAddressSender(Name, AddressBook.Of(_record.Modules), time, Warn);
    }

    /// <summary>Null for a service that takes no configuration.</summary>
    public ConfigPushHandler? PushHandler => _pushHandler;

    public IReadOnlyList<PyServiceModuleAddress> Addresses
    {
        get
        {
            var book = _sender.Book;
            return [.. book.Hosts.Keys.Union(_required).Order(StringComparer.Ordinal).Select(module => Describe(book, module))];
        }
    }

    private string Name => _supervisor.Record.Name;

    /// <summary>Its definition was read: what it asks for holds from now on.</summary>
    public async Task FollowAsync(ServiceDefinition definition, Lazy<PathWatch?> watch)
    {
        await _following.WaitAsync();
        try
        {
            _required = definition.Modules;
            if (definition.Remote != _pushHandler?.Rule)
            {
                var isFirst = _pushHandler is null;
                _pushHandler?.Dispose();
                _pushHandler = definition.Remote is { } rule ? await OpenPushHandlerAsync(definition, rule, isFirst) : null;
            }

            _pushHandler?.EnsureWritten();
            if (_sources?.Key == RemoteSources.KeyOf(definition))
                return;
            if (_sources is not null)
                await _sources.DisposeAsync();
            _sources = new RemoteSources(definition, definition.Remote?.Watch is null ? null : watch.Value, _time, this);
        }
        finally
        {
            _following.Release();
        }
    }

    public void SetAddresses(string module, IReadOnlyList<string> hosts)
    {
        // On disk first: whoever has been answered may rely on it, whatever becomes of this agent.
        lock (_gate)
        {
            if (_record.Modules.TryGetValue(module, out var known) && known.SequenceEqual(hosts))
                return;
            Keep(_record with
            {
                Modules = new SortedDictionary<string, IReadOnlyList<string>>(_record.Modules.ToDictionary(), StringComparer.Ordinal)
                {
                    [module] = hosts
                }
            });
            _sender.Set(module, hosts);
        }
    }

    public void Notice(ServingNotice notice)
    {
        switch (notice.Event)
        {
            case ServingEvent.Ready or ServingEvent.Adopted:
                if (notice.Event is ServingEvent.Ready)
                    _pushHandler?.NoticeLaunch(notice.Since);
                _sender.Begin(notice.Generation, notice.Site);
                break;
            case ServingEvent.Leaving or ServingEvent.Crashed:
                _sender.End();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sources is not null)
            await _sources.DisposeAsync();
        _pushHandler?.Dispose();
        await _sender.DisposeAsync();
    }

    private async Task<ConfigPushHandler> OpenPushHandlerAsync(ServiceDefinition definition, RemoteRule rule, bool isFirst)
    {
        var written = File.Exists(rule.File)
            ? Encoding.UTF8.GetString(UserFiles.ReadAll(definition.Actor, rule.File, ConfigurationLimits.FileBytes)) : null;
        var onDisk = await RemoteConfig.TryReadWrittenAsync(rule, written, CancellationToken.None);
        var state = RemoteState.Of(onDisk, await RemoteConfig.TryReadWrittenAsync(rule, _record.Proven, CancellationToken.None));
        if (onDisk is not null && rule.Override is not null)
        {
            // The override may be another one than when that was pushed; like all of the service's own configuration, it counts from the
            // next start.
            var merged = await RemoteConfig.ReadAsync(rule with { Schema = null },
                new ConfigPushRequest { Service = Name, Text = onDisk.Text }, CancellationToken.None);
            state = state.Accept(merged, isKept: false);
        }

        var handler = new ConfigPushHandler(definition, state, _supervisor, _time, this);
        if (isFirst)
            handler.Resume();
        if (state.Wanted is { } wanted && !wanted.IsSameAs(onDisk))
            handler.Rewrite();
        return handler;
    }

    /// <summary>From a source that nobody waits at. What is wrong was reported as an event.</summary>
    async Task IRemoteReceiver.PushAsync(string text, string source, ConfigFormat format)
    {
        try
        {
            if (_pushHandler is { } handler)
                await handler.PushAsync(
                    new ConfigPushRequest { Service = Name, Text = text, Format = format, Source = source, NoWait = true },
                    CancellationToken.None);
        }
        catch (ServiceCtlException refusal) when (refusal.Code is ErrorCode.ConfigInvalid)
        {
        }
        catch (ServiceCtlException error)
        {
            Warn(error.Message);
        }
    }

    void IPushJournal.KeepProven(RemoteConfig proven)
    {
        lock (_gate)
            Keep(_record with { Proven = proven.Text });
    }

    private void Keep(RemoteRecord record)
    {
        _record = record;
        try
        {
            record.Write(_recordFile);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Warn($"What was pushed to {Name} can't be kept for the next agent: {error.Message}");
        }
    }

    private PyServiceModuleAddress Describe(AddressBook book, string module)
    {
        var hosts = book.Hosts.GetValueOrDefault(module) ?? [];
        var isRequired = _required.Contains(module);
        var problem = _sender.ProblemOf(module);
        return new PyServiceModuleAddress
        {
            Service = Name,
            Module = module,
            Hosts = hosts,
            IsRequired = isRequired,
            IsMissing = isRequired && hosts.Count == 0,
            IsDelivered = book.Generation is null || !book.Hosts.ContainsKey(module)
                ? null : !book.Untold.Contains(module) && problem is null,
            Problem = problem,
        };
    }

    void IPushJournal.Publish(ServiceEvent happened) => _report(happened);

    public void Warn(string message) =>
        _report(new ServiceEvent { Time = _time.GetLocalNow(), Service = Name, Kind = ServiceEventKind.Warning, Message = message });
}
