using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Checks;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>Switching a service from one release to another.</summary>
public sealed partial class ServiceAgent
{
    /// <summary>Those tests whose failure is an error.</summary>
    private const string CriticalTests = "critical";

    private const string AllTests = "all";

    /// <summary>Has a release of a service serve, and streams steps and the result.</summary>
    public ChannelReader<OperationEvent> SwitchRelease(ReleaseSwitchRequest request, CancellationToken cancellation)
    {
        var events = Channel.CreateUnbounded<OperationEvent>();
        _ = RunAsync();
        return events.Reader;

        async Task RunAsync()
        {
            try
            {
                events.Writer.TryWrite(new OperationEvent { Result = await SwitchReleaseAsync(request, events.Writer, cancellation) });
                events.Writer.Complete();
            }
            catch (ServiceCtlException error)
            {
                events.Writer.TryWrite(new OperationEvent { Result = RefusedRelease(request.Service, error.Report) });
                events.Writer.Complete();
            }
            catch (Exception error)
            {
                events.Writer.Complete(error);
            }
            finally
            {
                _quiet.NoteWork();
            }
        }
    }

    private async Task<OperationResult> SwitchReleaseAsync(
        ReleaseSwitchRequest request, ChannelWriter<OperationEvent> events, CancellationToken cancellation)
    {
        var place = PlaceOf(request);
        var (supervisor, isElsewhere) = await FindForReleaseAsync(request.Service, place, cancellation);
        var name = supervisor.Record.Name;
        if (supervisor.Record.Pid is null)
        {
            var requires = (await _files[name].ReadReleaseAsync(place, cancellation)).Requires;
            if (await StartRequiredAsync(requires, events, cancellation) is { } failed)
                return RefusedRelease(name, new ErrorReport
                {
                    Code = ErrorCode.RequirementFailed,
                    Target = name,
                    Message = $"{name} was not started, because {failed.Service}, which it requires, failed: {failed.Message}",
                    Advice = $"See to {failed.Service} first, or take it out of service.requires of {name}.",
                });
        }

        var order = new ReleaseOrder(
            place, token => _files[name].ReadReleaseAsync(place, token), request.Checks ?? new ReleaseChecks(),
            request.Canary, (definition, site, token) => TestReleaseAsync(definition, site, request.Checks?.Tests ?? [], token),
            token => _relog.FindKnownAsync(supervisor, token));
        var operation = new OperationRequest
        {
            Action = ServiceAction.SwitchRelease,
            Services = [name],
            TimeoutSeconds = request.TimeoutSeconds
        };
        var opening = await OpenAsync(supervisor.Record, isOnly: true, cancellation, place.Resolve(FolderOf(supervisor)));
        events.TryWrite(new OperationEvent { Opening = opening });
        var journal = new OperationJournal(_time);
        journal.Add(OperationText.Opening(OperationText.Verb(operation.Action), opening));
        var result = await ExecuteAsync(supervisor, operation, journal, events, cancellation, order);
        if (isElsewhere && _catalog.FindByName(name) is { } entry)
            await FollowAsync(entry, CancellationToken.None);
        return result;
    }

    private static string FolderOf(Supervisor supervisor) => ServiceSources.FolderOf(supervisor.Record.ConfigPath);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    private static ReleasePlace PlaceOf(ReleaseSwitchRequest request)
    {
        foreach (var path in (string[])[request.Release, request.Link])
        {
            if (!Path.IsPathFullyQualified(path))
                throw new ServiceCtlException(
                    ErrorCode.InvalidArgument, path, $"'{path}' is not an absolute path.", "Give the whole path.");
        }

        var link = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Link));
        if (ReleasePlace.RealPathOf(request.Release) is not { } release || !Directory.Exists(release))
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, request.Release, $"There is no release {request.Release}.", "Correct the path, or make it.");
        return ReleasePlace.IsAtOrBelow(release, link) && FileFacts.TryOfLink(link) is not { IsLink: true }
            ? throw new ServiceCtlException(
                ErrorCode.InvalidArgument, link, $"{link} can't be a link to {release}, which is inside it.", "Give the link's own path.")
            : new ReleasePlace(link, release);
    }

    /// <summary>The service that is meant; by the release's configuration it becomes known, if it is not.</summary>
    /// <returns>It, and whether its configuration was not followed behind the link yet.</returns>
    private async Task<(Supervisor Supervisor, bool IsElsewhere)> FindForReleaseAsync(
        string service, ReleasePlace place, CancellationToken cancellation)
    {
        var isPath = Path.IsPathFullyQualified(service);
        if (isPath && !place.Leads(Path.GetFullPath(service)))
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, service, $"{service} is not behind {place.Link}.",
                "Give the service's name, or its path through the link.");
        var folder = isPath ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(service)) : place.Link;
        var entry = isPath ? _catalog.FindByPath(folder) : _catalog.FindByName(service);
        if (entry is not null)
            return await BehindLinkAsync(entry, place, cancellation);

        var reading = await PinnedUser.ReadFirstAsync(user => ServiceDefinitionReader.ReadReleaseAsync(
            place.Through(ServiceConfiguration.FileOf(place.Resolve(folder))), isPath ? null : service, cancellation,
            SourceRequest.Usual with { User = user }, place));
        var definition = reading.Definition;
        await _registration.WaitAsync(cancellation);
        try
        {
            var made = new CatalogEntry(
                definition.Name, place.Through(definition.ConfigPath), Folder: FolderIdentity.MarkOf(definition.Folder),
                ConfiguredName: definition.ConfiguredName, User: PinnedUser.Of(definition), OrderedIn: ProcFs.BootId);
            if (_catalog.Add(made))
            {
                _log.Information("Registered {Service} with {Config}", made.Name, made.ConfigPath);
                return (await SuperviseAsync(made, cancellation), true);
            }

            return (RequireOne(made.Name), false);
        }
        finally
        {
            _registration.Release();
        }
    }

    /// <summary>One that was registered by the path of a release beside this one is known by the link from now on.</summary>
    private async Task<(Supervisor Supervisor, bool IsElsewhere)> BehindLinkAsync(
        CatalogEntry entry, ReleasePlace place, CancellationToken cancellation)
    {
        var supervisor = RequireOne(entry.Name);
        var folder = ServiceSources.FolderOf(entry.ConfigPath);
        if (place.Leads(folder))
            return (supervisor, false);
        if (place.Beside(folder) is not { } former)
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, entry.Name, $"{entry.Name} is registered in {folder}, which is not behind {place.Link}.",
                $"Unregister it, and register it by the link; or name another link.");
        var moved = entry with { ConfigPath = former.Through(entry.ConfigPath) };
        await _registration.WaitAsync(cancellation);
        try
        {
            _catalog.Note(moved);
            _files[entry.Name] = FileOf(moved);
            supervisor.Relocate(moved.ConfigPath, moved.Sources);
            _log.Information("{Service} is known by {Config} now, no longer by {Former}", entry.Name, moved.ConfigPath, entry.ConfigPath);
            return (supervisor, true);
        }
        finally
        {
            _registration.Release();
        }
    }

    /// <returns>The first that could not be started; null when all run.</returns>
    private async Task<OperationResult?> StartRequiredAsync(
        IReadOnlyList<string> requires, ChannelWriter<OperationEvent> events, CancellationToken cancellation)
    {
        if (requires.Count == 0)
            return null;
        OperationResult? failed = null;
        var start = new OperationRequest { Action = ServiceAction.Start, Services = requires };
        await foreach (var happened in Operate(start, cancellation).ReadAllAsync(cancellation))
        {
            if (happened.Progress is { } progress)
                events.TryWrite(new OperationEvent { Progress = progress });
            if (happened.Result is { Outcome: OperationOutcome.Failed } result)
                failed ??= result;
        }

        return failed;
    }

    /// <returns>Warnings.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.TestFailed"/>.</exception>
    private async Task<IReadOnlyList<string>> TestReleaseAsync(
        ServiceDefinition definition, ProbeSite? site, IReadOnlyList<string> tests, CancellationToken cancellation)
    {
        var isWord = tests is [CriticalTests or AllTests];
        var request = new ServiceTestRequest { Services = [definition.Name], Include = isWord ? [] : tests };
        var results = Channel.CreateUnbounded<ServiceTestEvent>();
        await new ServiceTester(_scopes, _watcher, request, results.Writer, onlyCritical: tests is [CriticalTests])
            .RunAsync(definition, site, cancellation);
        results.Writer.Complete();
        var warnings = new List<string>();
        await foreach (var happened in results.Reader.ReadAllAsync(cancellation))
        {
            if (happened.Error is { } error)
                throw new ServiceCtlException(error);
            if (happened.Result is not { Outcome: ServiceTestOutcome.Failed } failed)
                continue;
            var words = $"The test '{failed.Name}' of {definition.Folder} failed: {failed.Message}";
            if (!failed.Critical)
                warnings.Add(words);
            else
                throw new ServiceCtlException(new ErrorReport
                {
                    Code = ErrorCode.TestFailed,
                    Target = definition.Name,
                    Message = $"{words} It is written at {failed.Place}. {definition.Release?.Link ?? "The link"} was not touched.",
                    Advice = "Mend the code or the test, and deploy again.",
                    LogLines = [.. failed.Differences, .. failed.Output?.Split('\n') ?? []],
                });
        }

        return warnings;
    }

    private static OperationResult RefusedRelease(string service, ErrorReport error) => new()
    {
        Service = service,
        Action = ServiceAction.SwitchRelease,
        Outcome = OperationOutcome.Failed,
        Message = error.Message,
        Error = error,
    };
}
