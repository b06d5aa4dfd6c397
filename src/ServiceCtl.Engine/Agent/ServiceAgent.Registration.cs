using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>How services become known to the agent, and unknown again.</summary>
public sealed partial class ServiceAgent
{
    private readonly SemaphoreSlim _registration = new(1);

    /// <summary>Makes a service known. One that is known already is answered as it is.</summary>
    public async Task<PyService> RegisterAsync(RegistrationRequest request, CancellationToken cancellation)
    {
        // What is known is not read again: its configuration may be wrong at the moment, and it must still be possible to stop it.
        if (_catalog.FindByPath(request.Path) is { } known && (request.Name ?? known.Name) == known.Name && _supervisors.TryGetValue(known.Name, out var present))
        {
            if (request.AtBoot)
                _catalog.SetWanted(known.Name, isWanted: true);
            return present.Record.ToPyService();
        }

        var definition = await ServiceDefinitionReader.ReadAsync(request.Path, request.Name, cancellation);
        await _registration.WaitAsync(cancellation);
        try
        {
            var entry = new CatalogEntry(definition.Name, definition.ConfigPath, request.AtBoot);
            if (_catalog.Add(entry))
            {
                _log.Information("Registered {Service} with {Config}", entry.Name, entry.ConfigPath);
                var supervisor = await SuperviseAsync(entry, cancellation);
                // It may have been running when the catalog was lost.
                if (Directory.Exists(_paths.ServiceRun(entry.Name)))
                    await supervisor.RecoverAsync([.. _scopes.FindAll().Where(scope => scope.Marker.Service == entry.Name)]);
            }

            return _supervisors[entry.Name].Record.ToPyService();
        }
        finally
        {
            _registration.Release();
            _quiet.NoteWork();
        }
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: it runs.</exception>
    public async Task UnregisterAsync(string name, CancellationToken cancellation)
    {
        await _registration.WaitAsync(cancellation);
        try
        {
            var supervisor = Require([name])[0];
            if (supervisor.Record is { State: ServiceState.Starting or ServiceState.Stopping } or { Pid: not null } || !await supervisor.TryRetireAsync())
                throw new ServiceCtlException(ErrorCode.InvalidState, name, $"{name} is {supervisor.Record.State}.", "Stop it first.");

            _configurations.Forget(name);
            await _remote.ForgetAsync(name);
            ForgetInfra(name);
            _catalog.Remove(name);
            _supervisors.TryRemove(name, out _);
            _relog.Forget(name);
            await supervisor.DisposeAsync();
            await _context.Logs.ForgetAsync(name);
            _definitions.TryRemove(name, out _);
            _consul.Forget(name);
            _log.Information("Unregistered {Service}", name);
        }
        finally
        {
            _registration.Release();
        }
    }

    private async Task<Supervisor> SuperviseAsync(CatalogEntry entry, CancellationToken cancellation)
    {
        var file = new DefinitionFile(entry.ConfigPath, entry.Name, _time);
        var record = new ServiceRecord { Name = entry.Name, ConfigPath = entry.ConfigPath, Runner = "unknown", IsWanted = entry.IsWanted, HasFinished = entry.FinishedIn == ProcFs.BootId };
        ConfigMapping? configuration = null;
        try
        {
            (var definition, var resolved) = await file.ReadWithConfigurationAsync(cancellation);
            configuration = resolved.Root;
            _definitions[entry.Name] = definition;
            record = record with { Runner = definition.Runner, Requires = definition.Requires, Listen = _context.RunnerOf(definition).PlanSocket(definition).Address?.ToString() };
        }
        catch (ServiceCtlException error)
        {
            record = record with { Problem = error.Message };
        }

        var supervisor = _supervisors[entry.Name] = new Supervisor(_context, record, token => ReadDefinitionAsync(file, entry.Name, token));
        if (_definitions.GetValueOrDefault(entry.Name) is { } known)
            await FollowAsync(known);
        _configurations.Follow(entry.Name, entry.ConfigPath, configuration);
        return supervisor;
    }
}
