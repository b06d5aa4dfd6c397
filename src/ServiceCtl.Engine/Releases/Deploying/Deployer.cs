using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>
/// Deploys, a step or all of them, and takes back. Whatever fails before the switch leaves what serves as it is; the release is Failed
/// then, and kept with its log.
/// </summary>
internal sealed class Deployer(DeployContext context, IProgress<PyServiceDeployStep>? progress)
{
    private readonly DeployLog _log = new(context.Tree, progress);
    private readonly long _began = Stopwatch.GetTimestamp();

    private Release? _release;

    private DeploySettings Settings => context.Settings;

    private ReleaseTree Tree => context.Tree;

    /// <param name="step">One of <see cref="DeployPhase"/>, or a step of the project's own; null for all.</param>
    /// <param name="cancellation">Ends the deploy; what serves goes on serving.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>; <see cref="ErrorCode.InvalidArgument"/>: no such
    /// step.</exception>
    public async Task<PyServiceDeployment> DeployAsync(string? step, CancellationToken cancellation)
    {
        var (own, phases) = PartsOf(step, Settings);
        return await RunAsync(step is null ? "deploy" : $"deploy {step}", async secrets =>
        {
            if (own is not null)
                await RunOwnAsync(own, secrets, cancellation);
            foreach (var phase in phases)
                await RunPhaseAsync(phase, secrets, cancellation);
        }, cancellation);
    }

    /// <param name="id">The release to go back to; null for the one before.</param>
    /// <param name="cancellation">Withdraws it; what serves goes on serving.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ReleaseNotFound"/>; <see cref="ErrorCode.StageLocked"/>.</exception>
    public Task<PyServiceDeployment> RestoreAsync(string? id, CancellationToken cancellation) =>
        RunAsync("rollback", secrets => RestoreAsync(id, secrets, cancellation), cancellation);

    /// <summary>A part of a deploy, and the project's own steps before and after it.</summary>
    public async Task RunPhaseAsync(DeployPhase phase, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        await RunOwnAsync(one => one.Before == phase, secrets, cancellation);
        await RunAsync(phase, secrets, cancellation);
        await RunOwnAsync(one => one.After == phase, secrets, cancellation);
    }

    /// <summary>The release that the next steps are about.</summary>
    public void Choose(string id)
    {
        _release = Tree.Get(id);
        _log.Release = id;
    }

    /// <summary>Runs commands in the release that was chosen, or made.</summary>
    public Task HookAsync(
        string name, IReadOnlyList<string> commands, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation) =>
        new Publisher(context, _log, secrets).HookAsync(name, commands, _release!, cancellation);

    /// <summary>A release that has served takes over again, within work that holds the lock.</summary>
    public async Task RestoreAsync(string? id, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        Tree.RequireLink();
        var target = id is null ? ReleasePolicy.RollbackTarget(Tree.List()) ?? throw ReleasePolicy.NoOlder(Settings.Stage) : Tree.Get(id);
        if (target.State is not (ReleaseState.Previous or ReleaseState.Restored or ReleaseState.Current))
        {
            throw new ServiceCtlException(ErrorCode.InvalidState, target.Id,
                $"The release {target.Id} is {target.State} and has never served.",
                $"Go back to one that has, or deploy its commit: 'servicectl deploy {Settings.Stage} --revision {target.Record.Commit}'.");
        }

        _log.Release = target.Id;
        await new Publisher(context, _log, secrets).RestoreAsync(target, cancellation);
        _release = target;
    }

    private async Task RunAsync(DeployPhase phase, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        var builder = new ReleaseBuilder(context, _log, secrets);
        switch (phase)
        {
            case DeployPhase.Starting:
                await _log.StepAsync("check", _ => new StageCheck(context).RequireAsync(cancellation));
                break;
            case DeployPhase.Updating:
                await builder.BuildHereAsync(cancellation);
                _release = await builder.MakeAsync(cancellation);
                break;
            case DeployPhase.Publishing:
                Tree.RequireLink();
                _release ??= ReleasePolicy.NewestReady(Tree.List()) ?? throw new ServiceCtlException(
                    ErrorCode.ReleaseNotFound, Settings.Stage,
                    $"No release of {Settings.Stage} is ready and newer than the one that serves.",
                    $"Make one: 'servicectl deploy {Settings.Stage} updating'.");
                _log.Release = _release.Id;
                await new Publisher(context, _log, secrets).PublishAsync(_release, cancellation);
                break;
            case DeployPhase.Finishing:
                await PruneAsync();
                break;
        }
    }

    /// <summary>Nothing of it fails a deploy: what serves, serves.</summary>
    private Task PruneAsync() => _log.StepAsync("prune", _ =>
    {
        List<string> deleted = [];
        try
        {
            Tree.Sweep();
            foreach (var release in ReleasePolicy.ToPrune(Tree.List(), Settings.KeepReleases, Settings.KeepFailed))
            {
                Tree.Delete(release.Id);
                deleted.Add(release.Id);
            }

            ReleaseEnvironment.Prune(Tree, Tree.List().Select(release => release.Record.Environment).OfType<string>().ToHashSet());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.Warn($"Not everything old could be deleted: {error.Message}");
        }

        return Task.FromResult(deleted.Count == 0 ? "" : $"Deleted {string.Join(", ", deleted)}.");
    });

    private async Task RunOwnAsync(
        Func<OwnStep, bool> isDue, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        foreach (var own in Settings.Steps.Where(isDue))
            await RunOwnAsync(own, secrets, cancellation);
    }

    /// <summary>One of the project's own steps.</summary>
    public Task RunOwnAsync(OwnStep own, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        var releases = Tree.List();
        // Before the first release there is only the folder of deploy.yaml.
        var release = _release ?? (own.IsEarly ? null : ReleasePolicy.NewestReady(releases))
            ?? releases.FirstOrDefault(one => one.State == ReleaseState.Current);
        return release is not null
            ? new Publisher(context, _log, secrets).HookAsync(own.Name, own.Run, release, cancellation)
            : _log.StepAsync(own.Name, async told =>
            {
                var variables = context.VariablesOf(null);
                foreach (var (name, value) in secrets)
                    variables[name] = value;
                await new ServiceHooks(Settings.Folder, variables, context.LocalUser, _log.Mask).RunAsync(own.Name, own.Run, told,
                    cancellation);
                return $"{own.Run.Count} commands have run in {Settings.Folder}.";
            });
    }

    /// <summary>Does work under the stage's lock.</summary>
    public async Task<PyServiceDeployment> RunAsync(
        string what, Func<IReadOnlyDictionary<string, string>, Task> work, CancellationToken cancellation)
    {
        Tree.Make();
        using var held = StageLock.Take(Tree, Settings.Stage, context.By, what, context.From);
        try
        {
            Tree.NoteCurrent();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.Warn($"The records in {Tree.Root} can't be written: {error.Message}");
        }

        IReadOnlyDictionary<string, string> secrets = new Dictionary<string, string>();
        _log.Mask = context.MaskOf(secrets);
        return await AttemptAsync(() => secrets, async () =>
        {
            secrets = await context.SecretsAsync(cancellation);
            _log.Mask = context.MaskOf(secrets);
            await work(secrets);
        }, cancellation);
    }

    /// <summary>What came of a part of the work: what fails is a part of the answer, and so is what it did to the release.</summary>
    public Task<PyServiceDeployment> AttemptAsync(
        IReadOnlyDictionary<string, string> secrets, Func<Task> work, CancellationToken cancellation) =>
        AttemptAsync(() => secrets, work, cancellation);

    private async Task<PyServiceDeployment> AttemptAsync(
        Func<IReadOnlyDictionary<string, string>> secretsNow, Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
            return Result(OperationOutcome.Done, null);
        }
        catch (ServiceCtlException error)
        {
            await FailAsync(error.Message, secretsNow(), cancellation);
            return Result(OperationOutcome.Failed, Masked(error.Report));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await FailAsync(error.Message, secretsNow(), cancellation);
            return Result(OperationOutcome.Failed, DiskFault.Report(Tree.Root, _log.Mask.MaskText(error.Message)));
        }
        catch (OperationCanceledException)
        {
            await FailAsync("It was interrupted.", secretsNow(), CancellationToken.None);
            throw;
        }
    }

    /// <summary>One that was made and does not serve has failed. A rollback that fails leaves every release what it was.</summary>
    public async Task FailAsync(string problem, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        if (_log.Release is not { } id || Tree.List().FirstOrDefault(one => one.Id == id) is not { } release
            || release.State is not (ReleaseState.Building or ReleaseState.Ready or ReleaseState.Canary))
            return;
        try
        {
            Tree.Write(id, release.Record with { State = ReleaseState.Failed, Problem = _log.Mask.MaskText(problem) });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.Warn($"{id} could not be marked as failed: {error.Message}");
        }

        if (!cancellation.IsCancellationRequested)
            await new Publisher(context, _log, secrets).TryHookAsync("failed", Settings.Failed, release, cancellation);
    }

    private ErrorReport Masked(ErrorReport error) => error with
    {
        Message = _log.Mask.MaskText(error.Message),
        LogLines = [.. error.LogLines.Select(_log.Mask.MaskText)],
    };

    private PyServiceDeployment Result(OperationOutcome outcome, ErrorReport? error) => new()
    {
        Service = context.Service,
        Stage = Settings.Stage,
        Release = (_log.Release ?? _release?.Id) is { } id && Tree.List().FirstOrDefault(one => one.Id == id) is { } release
            ? ReleaseListing.Describe(context, release) : null,
        Outcome = outcome,
        Steps = _log.Steps,
        Warnings = _log.Warnings,
        Duration = Stopwatch.GetElapsedTime(_began),
        Error = error,
    };

    /// <summary>What a step is: one of the project's own, a part of every deploy, or, where none is named, all these parts.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no such step.</exception>
    public static (OwnStep? Own, DeployPhase[] Phases) PartsOf(string? step, DeploySettings settings) =>
        step is null ? (null, Enum.GetValues<DeployPhase>())
        : settings.Steps.FirstOrDefault(one => one.Name == step) is { } own ? (own, []) : (null, [PhaseOf(step, settings)]);

    private static DeployPhase PhaseOf(string step, DeploySettings settings) => Enum.GetValues<DeployPhase>()
        .Where(phase => phase.ToString().Equals(step, StringComparison.OrdinalIgnoreCase)).Select(phase => (DeployPhase?)phase)
        .FirstOrDefault() ?? throw new ServiceCtlException(ErrorCode.InvalidArgument, step, $"There is no step '{step}'.",
            $"The steps are {string.Join(", ", StepNames(settings))}.");

    /// <summary>The steps that can be done alone.</summary>
    public static IEnumerable<string> StepNames(DeploySettings settings) =>
        Enum.GetNames<DeployPhase>().Select(name => name.ToLowerInvariant()).Concat(settings.Steps.Select(own => own.Name));
}
