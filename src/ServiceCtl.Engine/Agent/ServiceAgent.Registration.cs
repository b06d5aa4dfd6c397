using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>How services become known to the agent, and unknown again.</summary>
public sealed partial class ServiceAgent
{
    private readonly SemaphoreSlim _registration = new(1);
    private readonly ConcurrentDictionary<string, DefinitionFile> _files = new(StringComparer.Ordinal);

    /// <summary>Makes a service known. One that is known already is answered as it is.</summary>
    public async Task<PyService> RegisterAsync(RegistrationRequest request, CancellationToken cancellation)
    {
        // What is known is not read again: its configuration may be wrong at the moment, and it must still be possible to stop it.
        if ((_catalog.FindByPath(request.Path) ?? FindOfRelease(request.Path) ?? await TakeRenamedAsync(request.Path, cancellation))
                is { } known
            && (request.Name ?? known.Name) == known.Name && _supervisors.TryGetValue(known.Name, out var present))
        {
            if (request.AtBoot)
                await SetAtBootAsync(known.Name, BootStart.Enabled);
            if (request.Sources is { Count: > 0 } && !request.Sources.SequenceEqual(known.Sources ?? []))
                return (await SearchElsewhereAsync(known, present, request, cancellation)).Record.ToPyService();
            return present.Record.ToPyService() with { ConfigPath = known.ConfigPath, Path = ServiceSources.FolderOf(known.ConfigPath) };
        }

        var sources = SourceRequest.Of(request.Sources);
        var path = sources.NeedsNoFile ? request.Path : ServiceSources.Meant(request.Path) ?? request.Path;
        var reading = await PinnedUser.ReadFirstAsync(
            user => ServiceDefinitionReader.ReadWithConfigurationAsync(path, request.Name, cancellation, sources with { User = user }));
        var definition = reading.Definition;
        await _registration.WaitAsync(cancellation);
        try
        {
            var entry = new CatalogEntry(
                definition.Name, definition.ConfigPath, Folder: FolderIdentity.MarkOf(definition.Folder),
                ConfiguredName: definition.ConfiguredName,
                Sources: request.Sources is { Count: > 0 } ? request.Sources : null, User: PinnedUser.Of(definition),
                AtBoot: request.AtBoot ? BootStart.Enabled : BootStart.Restored, OrderedIn: ProcFs.BootId);
            if (_catalog.Add(entry))
            {
                _log.Information("Registered {Service} with {Config}", entry.Name, entry.ConfigPath);
                var supervisor = await SuperviseAsync(entry, cancellation);
                // It may have been running when the catalog was lost.
                if (Directory.Exists(_paths.ServiceRun(entry.Name)))
                    await supervisor.RecoverAsync(
                        BelievedMarks.Of(_scopes.FindAll().Where(scope => scope.Marker.Service == entry.Name), entry));
            }

            return _supervisors[entry.Name].Record.ToPyService();
        }
        finally
        {
            _registration.Release();
            _quiet.NoteWork();
        }
    }

    /// <summary>The configuration of a known service is searched elsewhere from now on; what runs goes on.</summary>
    private async Task<Supervisor> SearchElsewhereAsync(
        CatalogEntry known, Supervisor supervisor, RegistrationRequest request, CancellationToken cancellation)
    {
        var definition = await ServiceDefinitionReader.ReadAsync(ServiceSources.FolderOf(known.ConfigPath), known.Name, cancellation,
            SourceRequest.Of(request.Sources) with { User = _catalog.UserOf(known.Name) });
        await _registration.WaitAsync(cancellation);
        try
        {
            var entry = known with { ConfigPath = definition.ConfigPath, Sources = request.Sources };
            _catalog.Note(entry);
            _files[entry.Name] = FileOf(entry);
            supervisor.Relocate(entry.ConfigPath, entry.Sources);
            await FollowAsync(entry, cancellation);
            _log.Information("The configuration of {Service} is searched at {Sources} now", entry.Name, entry.Sources);
            return supervisor;
        }
        finally
        {
            _registration.Release();
        }
    }

    /// <summary>Notes what becomes of a service at boot. Until then, what runs goes on and what is stopped stays stopped.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    public async Task<PyService> SetAtBootAsync(string name, BootStart start)
    {
        var supervisor = RequireOne(name);
        _catalog.SetAtBoot(name, start, supervisor.Record.IsWanted);
        supervisor.SetAtBoot(start);
        await _catalog.SavedAsync();
        _log.Information("{Service} at boot: {Start}", name, start);
        return supervisor.Record.ToPyService();
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: it runs.</exception>
    public async Task UnregisterAsync(string name, CancellationToken cancellation)
    {
        await _registration.WaitAsync(cancellation);
        try
        {
            var supervisor = RequireOne(name);
            if (supervisor.Record is { State: ServiceState.Starting or ServiceState.Stopping } or { Pid: not null }
                || !await supervisor.TryRetireAsync())
                throw new ServiceCtlException(ErrorCode.InvalidState, name, $"{name} is {supervisor.Record.State}.",
                    "Stop it first, or have that done with '--force'.");

            _configurations.Forget(name);
            _files.TryRemove(name, out _);
            await _remote.ForgetAsync(name);
            ForgetInfra(name);
            await _schedules.ForgetAsync(name);
            _alerts.Forget(name);
            _catalog.Remove(name);
            _supervisors.TryRemove(name, out _);
            _relog.Forget(name);
            await supervisor.DisposeAsync();
            await _context.Logs.ForgetAsync(name);
            ReleaseRecord.Delete(_paths.ServiceRelease(name));
            _definitions.TryRemove(name, out _);
            _consul.Forget(name);
            _log.Information("Unregistered {Service}", name);
        }
        finally
        {
            _registration.Release();
        }
    }

    /// <summary>
    /// Whoever is in a release that the link no longer leads to, as a shell is after a deploy, means the service behind the link.
    /// </summary>
    private CatalogEntry? FindOfRelease(string path)
    {
        // Most services have no releases, and many are registered at once.
        if (ReleasePlace.RealPathOf(path) is not { } real || !real.Contains($"/{ReleasePlace.Releases}/", StringComparison.Ordinal))
            return null;
        return _catalog.Entries.FirstOrDefault(entry =>
            ReleasePlace.Of(ServiceSources.FolderOf(entry.ConfigPath)) is { Id: not null } place
                && place.Beside(real) is { } other && ServiceSources.IsOf(other.Resolve(entry.ConfigPath), real));
    }

    /// <summary>
    /// A service is known again by its folder, when that was renamed: what runs goes on, and what is read from now on is read there.
    /// </summary>
    /// <returns>Null when none of the known ones is this one.</returns>
    private async Task<CatalogEntry?> TakeRenamedAsync(string path, CancellationToken cancellation)
    {
        var configPath = ServiceConfiguration.FileOf(ServiceSources.Meant(path) ?? path);
        await _registration.WaitAsync(cancellation);
        try
        {
            if (_catalog.FindRenamed(configPath) is not { } entry || !_supervisors.TryGetValue(entry.Name, out var supervisor))
                return null;
            var moved = entry with { ConfigPath = configPath };
            _catalog.Note(moved);
            _files[entry.Name] = FileOf(moved);
            supervisor.Relocate(configPath, entry.Sources);
            await FollowAsync(moved, cancellation);
            _log.Information("{Service} is at {Config} now, no longer at {Former}", entry.Name, configPath, entry.ConfigPath);
            _events.Publish(new ServiceEvent
            {
                Time = _time.GetLocalNow(),
                Service = entry.Name,
                Kind = ServiceEventKind.Warning,
                Message =
                    $"The folder of {entry.Name} was renamed from {ServiceSources.FolderOf(entry.ConfigPath)} to "
                        + $"{ServiceSources.FolderOf(configPath)}, and is known there now.",
            });
            return moved;
        }
        finally
        {
            _registration.Release();
        }
    }

    private async Task<Supervisor> SuperviseAsync(CatalogEntry entry, CancellationToken cancellation)
    {
        // An older agent noted no user: who runs it now is right.
        if (entry.User is null && GenerationRecord.TryReadNewest(_paths.ServiceRun(entry.Name)) is { } running)
            _catalog.SetUser(entry.Name, PinnedUser.Of(running.Definition));
        _files[entry.Name] = FileOf(entry);
        var record = new ServiceRecord
        {
            Name = entry.Name,
            ConfigPath = entry.ConfigPath,
            Runner = "unknown",
            IsWanted = entry.IsDue(ProcFs.BootId),
            AtBoot = entry.AtBoot,
            HasFinished = entry.FinishedIn == ProcFs.BootId,
            ConfiguredName = entry.ConfiguredName,
            Sources = entry.Sources ?? [],
        };
        ServiceReading? reading = null;
        try
        {
            reading = await _files[entry.Name].ReadWithConfigurationAsync(cancellation);
            var definition = reading.Definition;
            _definitions[entry.Name] = definition;
            // What an agent wrote that kept less is completed.
            var name = entry.ConfiguredName ?? definition.ConfiguredName;
            _catalog.Note(entry with { Folder = FolderIdentity.MarkOf(definition.Folder), ConfiguredName = name });
            var plan = RunnerRegistry.PlanSocket(definition);
            record = record with
            {
                Runner = definition.Runner,
                Requires = definition.Requires,
                Listen = plan.Main?.ToString(),
                Addresses = [.. plan.Addresses.Select(served => served.ToString())],
                ConfiguredName = name,
            };
        }
        catch (ServiceCtlException error)
        {
            record = record with { Problem = error.Message };
        }

        var supervisor = _supervisors[entry.Name] = new Supervisor(_context, record, new DefinitionReading(
            token => ReadDefinitionAsync(_files[entry.Name], entry.Name, token),
            (release, token) => _files[entry.Name].ReadReleaseAsync(release, token)));
        if (_definitions.GetValueOrDefault(entry.Name) is { } known)
            await FollowAsync(known);
        _configurations.Follow(entry.Name, entry.ConfigPath, reading, () => RequestOf(entry));
        return supervisor;
    }

    /// <summary>With the rights of whom the service runs as at the moment: root may change that.</summary>
    private SourceRequest RequestOf(CatalogEntry entry) => entry.Request with { User = _catalog.UserOf(entry.Name) ?? entry.User };

    private DefinitionFile FileOf(CatalogEntry entry) => new(entry.ConfigPath, entry.Name, _time, () => RequestOf(entry), reading =>
    {
        PinnedUser.Require(reading, _catalog.UserOf(entry.Name));
        _catalog.SetUser(entry.Name, PinnedUser.Of(reading.Definition));
    });

    /// <summary>
    /// What is read and watched for a service is at another place from now on. A configuration that is wrong is reported by whoever reads
    /// it.
    /// </summary>
    private async Task FollowAsync(CatalogEntry entry, CancellationToken cancellation)
    {
        ServiceReading? reading = null;
        try
        {
            reading = await _files[entry.Name].ReadWithConfigurationAsync(cancellation);
            var definition = reading.Definition;
            _definitions[entry.Name] = definition;
            await FollowAsync(definition);
        }
        catch (ServiceCtlException)
        {
            // The watch tells when it is right again.
        }

        _configurations.Forget(entry.Name);
        _configurations.Follow(entry.Name, entry.ConfigPath, reading, () => RequestOf(entry));
    }
}
