using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Client;

/// <summary>
/// Deploys services on this host, into releases beside each other, as deploy.yaml says. It is done by whoever asks; where that is root and
/// the service has a user, everything that is the service's is done as that user. The agent makes a release serve.
/// </summary>
public sealed class ReleaseVerbs
{
    private readonly AgentConnection _agent;
    private readonly ServiceVerbs _services;

    internal ReleaseVerbs(AgentConnection agent, ServiceVerbs services)
    {
        _agent = agent;
        _services = services;
    }

    /// <summary>Deploys, a step or all of them. A failed step is part of the answer.</summary>
    /// <param name="request">What, from where, to which stage.</param>
    /// <param name="progress">Hears of each step when it is done.</param>
    /// <param name="cancellation">Ends the deploy; what serves goes on serving.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/>;
    /// <see cref="ErrorCode.StageLocked"/>; <see cref="ErrorCode.InvalidArgument"/>: no such stage, or step.</exception>
    public async Task<PyServiceDeployment> DeployAsync(
        DeployRequest request, IProgress<PyServiceDeployStep>? progress, CancellationToken cancellation) =>
        await new Deployer(await ReadAsync(request, cancellation), progress).DeployAsync(request.Step, cancellation);

    /// <summary>What a deploy would do. Nothing is changed.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<PyServiceDeployPlan> PlanAsync(DeployRequest request, CancellationToken cancellation) =>
        await new DeployPlan(await ReadAsync(request, cancellation)).MakeAsync(cancellation);

    /// <summary>Has an older release serve again. A failed step is part of the answer.</summary>
    /// <param name="folder">Absolute path of the folder of deploy.yaml.</param>
    /// <param name="stage">Which stage.</param>
    /// <param name="release">Its id; null for the one before the one that serves.</param>
    /// <param name="progress">Hears of each step when it is done.</param>
    /// <param name="cancellation">Withdraws it; what serves goes on serving.</param>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<PyServiceDeployment> RestoreAsync(
        string folder, string stage, string? release, IProgress<PyServiceDeployStep>? progress, CancellationToken cancellation) =>
        await new Deployer(await ReadAsync(folder, stage, cancellation), progress).RestoreAsync(release, cancellation);

    /// <summary>The release that a rollback would go to; null where there is none.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<string?> FindRollbackTargetAsync(string folder, string stage, CancellationToken cancellation) =>
        ReleasePolicy.RollbackTarget((await ReadAsync(folder, stage, cancellation)).Tree.List())?.Id;

    /// <summary>The releases of a stage, the newest first.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<IReadOnlyList<PyServiceRelease>> GetAsync(string folder, string stage, CancellationToken cancellation)
    {
        var context = await ReadAsync(folder, stage, cancellation);
        return [.. context.Tree.List().Reverse().Select(release => ReleaseListing.Describe(context, release))];
    }

    /// <summary>Deletes a release that does not serve.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ReleaseNotFound"/>; <see cref="ErrorCode.InvalidState"/>: it serves;
    /// <see cref="ErrorCode.StageLocked"/>.</exception>
    public async Task<PyServiceRelease> RemoveAsync(string folder, string stage, string id, CancellationToken cancellation)
    {
        var context = await ReadAsync(folder, stage, cancellation);
        var release = context.Tree.Get(id);
        using var held = StageLock.Take(context.Tree, stage, context.By, $"delete {id}");
        if (context.Tree.Get(id).State == ReleaseState.Current)
            throw new ServiceCtlException(ErrorCode.InvalidState, id, $"The release {id} serves, so it is not deleted.",
                "Go back to another one, or deploy, first.");
        context.Tree.Delete(id);
        return ReleaseListing.Describe(context, release);
    }

    /// <summary>The stages that deploy.yaml describes.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<IReadOnlyList<PyServiceStage>> GetStagesAsync(string folder, CancellationToken cancellation)
    {
        List<PyServiceStage> stages = [];
        foreach (var stage in await DeployReader.ReadStagesAsync(folder, cancellation))
            stages.Add(ReleaseListing.Describe(await ReadAsync(folder, stage, cancellation)));
        return stages;
    }

    /// <summary>The names of the stages, for completion: faults are passed over.</summary>
    public static async Task<IReadOnlyList<string>> FindStagesAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            return await DeployReader.ReadStagesAsync(folder, cancellation);
        }
        catch (ServiceCtlException)
        {
            return [];
        }
    }

    /// <summary>Has each deploy to the stage to be confirmed?</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public static async Task<bool> MustBeConfirmedAsync(string folder, string stage, CancellationToken cancellation) =>
        (await DeployReader.ReadAsync(folder, stage, cancellation)).MustBeConfirmed;

    /// <summary>Looks whether a stage has what a deploy needs. Nothing is changed.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async IAsyncEnumerable<HostCheck> CheckAsync(
        string folder, string stage, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var check in new StageCheck(await ReadAsync(folder, stage, cancellation)).RunAsync(cancellation))
            yield return check;
    }

    /// <summary>Makes deploy.yaml, and a file for each stage. What is there already is left alone.</summary>
    /// <returns>The files that were made.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: a stage can't be called that;
    /// <see cref="ErrorCode.System"/>.</exception>
    public static IReadOnlyList<string> Initialize(string folder, IReadOnlyList<string> stages) => StageScaffold.Make(folder, stages);

    /// <summary>Keeps everybody from deploying to a stage, until it is unlocked.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>: it is locked already.</exception>
    public async Task<PyServiceStageLock> LockAsync(string folder, string stage, string message, CancellationToken cancellation)
    {
        var context = await ReadAsync(folder, stage, cancellation);
        context.Tree.Make();
        return StageLock.TakeOnPurpose(context.Tree, stage, context.By, message);
    }

    /// <summary>Takes away a lock that was put on purpose, or that a deploy which died has left.</summary>
    /// <param name="folder">Absolute path of the folder of deploy.yaml.</param>
    /// <param name="stage">Which stage.</param>
    /// <param name="force">Take it also from a deploy that is at work.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was taken away; null where nothing was locked.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>: a deploy is at work.</exception>
    public async Task<PyServiceStageLock?> UnlockAsync(string folder, string stage, bool force, CancellationToken cancellation) =>
        StageLock.Remove((await ReadAsync(folder, stage, cancellation)).Tree, stage, force);

    private async Task<DeployContext> ReadAsync(DeployRequest request, CancellationToken cancellation)
    {
        var context = await ReadAsync(request.Folder, request.Stage, cancellation);
        if (request.Revision is not { } revision)
            return context;
        return context.Settings.Via == SourceVia.Folder
            ? throw new ServiceCtlException(ErrorCode.InvalidArgument, revision, "A folder has no revisions: `source.via` is `folder`.",
                "Deploy without one, or write `via: archive`.")
            : context with { Settings = context.Settings with { Revision = revision } };
    }

    private async Task<DeployContext> ReadAsync(string folder, string stage, CancellationToken cancellation)
    {
        var settings = await DeployReader.ReadAsync(folder, stage, cancellation);
        var definition = await DefineAsync(settings, cancellation);
        var service = ServiceName.Require(settings.Service ?? definition?.Definition.ConfiguredName ?? Path.GetFileName(settings.DeployTo));
        return new DeployContext
        {
            Settings = settings,
            Tree = new ReleaseTree(settings.DeployTo, ActorOf(settings, service, definition)),
            Service = service,
            By = Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user
                ? user : Environment.UserName,
            Switch = new AgentSwitch(_services),
            Time = TimeProvider.System,
        };
    }

    /// <summary>The service's own configuration beside deploy.yaml; null where there is none that can be read.</summary>
    private static async Task<ServiceReading?> DefineAsync(DeploySettings settings, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(settings.Tree, settings.Folder);
        try
        {
            return ServiceSources.FindConfig(folder) is { } config
                ? await ServiceDefinitionReader.ReadWithConfigurationAsync(config, settings.Service, cancellation) : null;
        }
        catch (ServiceCtlException error) when (error.Code is ErrorCode.ConfigInvalid or ErrorCode.ConfigNotFound)
        {
            // What is deployed is judged in its release: here it may be in the middle of an edit.
            return null;
        }
    }

    /// <summary>Whom root deploys for: the user that the service was registered with; before that, whom its configuration names.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>: others than root could have root do it.</exception>
    private FileActor? ActorOf(DeploySettings settings, string service, ServiceReading? reading)
    {
        if (!Environment.IsPrivilegedProcess)
            return null;
        var pinned = ServiceCatalog.Peek(_agent.Paths.Catalog).FirstOrDefault(entry => entry.Name == service)?.User;
        if (pinned is null && reading is not null)
            PinnedUser.Require(reading, pinned);
        var user = pinned ?? (reading is null ? "root" : PinnedUser.Of(reading.Definition));
        if (user != "root")
            return new FileActor(user, IsAlways: true);
        string[] places = [.. settings.Files, settings.DeployTo];
        return Array.Find(places, place => !PlaceTrust.IsTrusted(place)) is not { } open ? null : throw new ServiceCtlException(
            ErrorCode.AccessDenied, service, $"{service} would be deployed by root, and others than root can change {open}.",
            $"Set service.user, or make {open} and every folder above it root's alone (chown root, chmod go-w).");
    }
}
