using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>
/// Deploys to the hosts of a stage, and takes back. All hosts make the release, then the primary does what is done once, then they switch,
/// batch after batch. Each host keeps to the order of a deploy on one host; this decides who is next, and when it is enough.
/// </summary>
internal sealed class FleetDeployer
{
    private FleetContext _fleet;
    private readonly StepList _steps;
    private readonly DeployLog _log;
    private readonly long _began = Stopwatch.GetTimestamp();

    private string? _release;

    public FleetDeployer(FleetContext fleet, IProgress<PyServiceDeployStep>? progress)
    {
        _fleet = fleet;
        _steps = new StepList(progress);
        _log = new DeployLog(fleet.Here.Tree, _steps);
    }

    private DeploySettings Settings => _fleet.Settings;

    /// <param name="step">One of <see cref="DeployPhase"/>, or a step of the project's own; null for all.</param>
    /// <param name="cancellation">Ends the deploy; each host withdraws what is at work, and what serves goes on serving.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no such step.</exception>
    public async Task<PyServiceDeployment> DeployAsync(string? step, CancellationToken cancellation)
    {
        var (own, phases) = Deployer.PartsOf(step, Settings);
        if (own is not null)
            _fleet = _fleet.For(own);
        return await RunAsync(async (rollout, secrets) =>
        {
            var (code, revision) = await StageAsync(phases, secrets, cancellation);
            using (code)
            {
                await rollout.OpenAsync(step is null ? "deploy" : $"deploy {step}", secrets, cancellation);
                if (own is not null)
                    await rollout.AllAsync(new HostOrder { Kind = HostOrderKind.Own, Name = own.Name }, null, cancellation);
                foreach (var phase in phases)
                {
                    await RunOnceAsync(rollout, one => one.Before == phase, cancellation);
                    await RunAsync(rollout, phase, code, revision, cancellation);
                    await RunOnceAsync(rollout, one => one.After == phase, cancellation);
                }
            }
        }, cancellation);
    }

    /// <param name="id">The release to go back to; null for the one before the newest that serves.</param>
    /// <param name="cancellation">Withdraws it; what serves goes on serving.</param>
    public Task<PyServiceDeployment> RestoreAsync(string? id, CancellationToken cancellation) => RunAsync(async (rollout, secrets) =>
    {
        await rollout.OpenAsync("rollback", secrets, cancellation);
        var target = id ?? RollbackTarget(
            [.. rollout.Hosts.Where(host => !host.HasFailed).Select(host => host.Releases)]) ?? throw ReleasePolicy.NoOlder(Settings.Stage);
        _release = target;
        await rollout.SwitchAsync(target, new HostOrder { Kind = HostOrderKind.Restore, Release = target },
            release => release.State is ReleaseState.Previous or ReleaseState.Restored, cancellation);
    }, cancellation);

    /// <summary>
    /// The newest release before the newest that serves anywhere, which all hosts can go back to; null where there is none. One that a
    /// failed deploy has left on some of them is none.
    /// </summary>
    public static string? RollbackTarget(IReadOnlyList<IReadOnlyList<PyServiceRelease>> hosts)
    {
        var newest = hosts.SelectMany(releases => releases).Where(release => release.State == ReleaseState.Current)
            .Select(release => release.Id).Max(StringComparer.Ordinal);
        return hosts.Select(releases => releases.Where(HasServed).Select(release => release.Id))
            .DefaultIfEmpty([]).Aggregate((all, some) => all.Intersect(some))
            .Where(id => newest is null || string.CompareOrdinal(id, newest) < 0).Max(StringComparer.Ordinal);
    }

    private static bool HasServed(PyServiceRelease release) =>
        release.State is ReleaseState.Current or ReleaseState.Previous or ReleaseState.Restored;

    /// <summary>What is done once, here: the code is looked at, built and packed.</summary>
    private async Task<(ISentCode? Code, SourceRevision? Revision)> StageAsync(
        DeployPhase[] phases, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        var here = _fleet.Here;
        if (phases.Contains(DeployPhase.Starting))
        {
            await _log.StepAsync("check", async _ =>
            {
                await new StageCheck(here).RequireSourceAsync(cancellation);
                return $"{Settings.Stage} has {_fleet.Hosts.Count} {(_fleet.Hosts.Count == 1 ? "host" : "hosts")}, and its code is there.";
            });
        }

        if (!phases.Contains(DeployPhase.Updating))
            return (null, null);
        var builder = new ReleaseBuilder(here, _log, secrets);
        await builder.BuildHereAsync(cancellation);
        SourceRevision? revision = null;
        ISentCode? code = null;
        await _log.StepAsync("pack", async _ =>
        {
            revision = await here.Source.PeekAsync(cancellation);
            _fleet.Commit = revision.Commit;
            code = Settings.Via is SourceVia.Mirror or SourceVia.Bundle
                ? await StagedParts.MakeAsync(here, revision, builder, cancellation)
                : await StagedCode.MakeAsync(here, revision, builder, cancellation);
            return $"{revision.Name} is {revision.Commit ?? "no commit"}.";
        });
        return (code, revision);
    }

    /// <summary>Steps that one host alone runs, when all have come so far.</summary>
    private async Task RunOnceAsync(Rollout rollout, Func<OwnStep, bool> isDue, CancellationToken cancellation)
    {
        foreach (var step in Settings.Steps.Where(step => step.IsOnce && isDue(step)))
        {
            var host = _fleet.RunnerOf(step);
            if (!await rollout.OneAsync(host, new HostOrder { Kind = HostOrderKind.Own, Name = step.Name }, cancellation))
                rollout.Warn($"{step.Name} was not run: {host} was left out.");
        }
    }

    private async Task RunAsync(
        Rollout rollout, DeployPhase phase, ISentCode? code, SourceRevision? revision, CancellationToken cancellation)
    {
        var order = new HostOrder { Kind = HostOrderKind.Phase, Phase = phase };
        switch (phase)
        {
            case DeployPhase.Updating:
                // Taken once: the same release is called the same everywhere, whatever the clocks there say.
                _release = ReleaseId.Next(_fleet.Here.Time.GetUtcNow(),
                    rollout.Hosts.SelectMany(host => host.Releases).Select(release => release.Id).Max(StringComparer.Ordinal));
                await rollout.AllAsync(
                    order with { Release = _release, Revision = revision }, await FilesAsync(rollout, code!, cancellation), cancellation);
                break;
            case DeployPhase.Publishing:
                await PublishAsync(rollout, order, cancellation);
                break;
            default:
                await rollout.AllAsync(order, null, cancellation);
                break;
        }
    }

    /// <summary>What each host is sent; nothing to those that have it all.</summary>
    private async Task<IReadOnlyDictionary<FleetHost, string>> FilesAsync(
        Rollout rollout, ISentCode code, CancellationToken cancellation)
    {
        Dictionary<FleetHost, string> files = [];
        async Task FindAsync()
        {
            foreach (var host in rollout.Hosts.Where(host => !host.HasFailed))
            {
                if (await code.FileForAsync(host.Held, cancellation) is { } file)
                    files[host] = file;
            }
        }

        if (Settings.Via != SourceVia.Bundle)
        {
            await FindAsync();
            return files;
        }

        await _log.StepAsync("bundle", async _ =>
        {
            await FindAsync();
            return string.Create(CultureInfo.InvariantCulture,
                $"{((StagedParts)code).Size} bytes hold the commits that {files.Count} of {rollout.Hosts.Count} hosts lack.");
        });
        return files;
    }

    private async Task PublishAsync(Rollout rollout, HostOrder order, CancellationToken cancellation)
    {
        var release = _release ??= NewestReady(rollout) ?? throw new ServiceCtlException(ErrorCode.ReleaseNotFound, Settings.Stage,
            $"No release of {Settings.Stage} is ready and newer than the one that serves.",
            $"Make one: 'servicectl deploy {Settings.Stage} updating'.");
        if (Settings.BeforePublish.Count > 0 && rollout.Hosts.All(host => host.Current != release)
            && !await rollout.OneAsync(_fleet.Primary, new HostOrder
            {
                Kind = HostOrderKind.Hook,
                Name = "before_publish",
                Commands = Settings.BeforePublish,
                Release = release,
            }, cancellation))
            rollout.Warn($"before_publish was not run: {_fleet.Primary}, the primary, was left out.");
        await rollout.SwitchAsync(release, order with { Release = release }, found => found.State == ReleaseState.Ready, cancellation);
    }

    private static string? NewestReady(Rollout rollout)
    {
        var all = rollout.Hosts.Where(host => !host.HasFailed).SelectMany(host => host.Releases).ToList();
        var newest = all.Where(release => release.State == ReleaseState.Current).Select(release => release.Id).Max(StringComparer.Ordinal);
        return all.Where(release => release.State == ReleaseState.Ready).Select(release => release.Id).Max(StringComparer.Ordinal)
            is { } ready && (newest is null || string.CompareOrdinal(ready, newest) >= 0) ? ready : null;
    }

    private async Task<PyServiceDeployment> RunAsync(
        Func<Rollout, IReadOnlyDictionary<string, string>, Task> work, CancellationToken cancellation)
    {
        await using var rollout = new Rollout(_fleet, _steps);
        IReadOnlyDictionary<string, string> secrets = new Dictionary<string, string>();
        try
        {
            _log.Mask = _fleet.Here.MaskOf(secrets);
            secrets = await _fleet.Here.SecretsAsync(cancellation);
            _log.Mask = _fleet.Here.MaskOf(secrets);
            await work(rollout, secrets);
            foreach (var host in rollout.Hosts.Where(host => host.Outcome == DeployedHostOutcome.Untouched))
                host.Outcome = DeployedHostOutcome.Done;
            return Result(rollout, null);
        }
        catch (ServiceCtlException error)
        {
            if (_release is { } release)
                await rollout.GiveUpAsync(release, $"The deploy was given up: {error.Message}");
            return Result(rollout, error.Report with { Message = _log.Mask.MaskText(error.Message) });
        }
        catch (OperationCanceledException)
        {
            rollout.Abort();
            throw;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            rollout.Abort();
            return Result(rollout, DiskFault.Report(Settings.Folder, _log.Mask.MaskText(error.Message)));
        }
    }

    private PyServiceDeployment Result(Rollout rollout, ErrorReport? error)
    {
        var hosts = rollout.Hosts;
        return new PyServiceDeployment
        {
            Service = _fleet.Here.Service,
            Stage = Settings.Stage,
            Release = _release is { } id && hosts.OrderByDescending(host => host.Host.IsPrimary).Select(host => host.Find(id))
                .FirstOrDefault(found => found is not null) is { } release ? _fleet.Placed(release) : null,
            Outcome = error is null ? OperationOutcome.Done : OperationOutcome.Failed,
            Hosts = hosts.Select(host => host.Describe()).ToArray(),
            Steps = _steps.All,
            Warnings = [.. _log.Warnings, .. rollout.Warnings,
                .. error is null ? hosts.Where(host => host.HasFailed).Select(host => $"{host.Name}: {host.Error!.Message}") : []],
            Duration = Stopwatch.GetElapsedTime(_began),
            Error = error,
        };
    }

    /// <summary>Steps of all hosts, as they come.</summary>
    private sealed class StepList(IProgress<PyServiceDeployStep>? progress) : IProgress<PyServiceDeployStep>
    {
        private readonly List<PyServiceDeployStep> _steps = [];

        public IReadOnlyList<PyServiceDeployStep> All
        {
            get
            {
                lock (_steps)
                    return [.. _steps];
            }
        }

        public void Report(PyServiceDeployStep value)
        {
            lock (_steps)
            {
                _steps.Add(value);
                progress?.Report(value);
            }
        }
    }
}
