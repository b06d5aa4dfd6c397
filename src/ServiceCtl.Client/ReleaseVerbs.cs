using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Client;

/// <summary>
/// Deploys services, on this host or to the hosts of a stage, into releases beside each other, as deploy.yaml says. It is done by whoever
/// asks; where that is root and the service has a user, everything that is the service's is done as that user. The agent makes a release
/// serve.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class ReleaseVerbs
{
    private readonly AgentConnection _agent;
    private readonly ServiceVerbs _services;
    private readonly IReadOnlyList<string> _hosts = [];
    private readonly IReadOnlyList<string> _roles = [];
    private readonly bool _isSudo;

    internal ReleaseVerbs(AgentConnection agent, ServiceVerbs services)
    {
        _agent = agent;
        _services = services;
    }

    private ReleaseVerbs(ReleaseVerbs all, IReadOnlyList<string> hosts, IReadOnlyList<string> roles, bool isSudo)
        : this(all._agent, all._services)
    {
        _hosts = hosts;
        _roles = roles;
        _isSudo = isSudo;
    }

    /// <summary>The same, of some hosts of the stage only.</summary>
    /// <param name="hosts">By name, as deploy.yaml or ssh call them; none means all.</param>
    /// <param name="roles">By role; none means all.</param>
    /// <param name="isSudo">As root there, by <c>sudo -n</c>.</param>
    public ReleaseVerbs Of(IReadOnlyList<string> hosts, IReadOnlyList<string> roles, bool isSudo) => new(this, hosts, roles, isSudo);

    /// <summary>Deploys, a step or all of them. A failed step is part of the answer.</summary>
    /// <param name="request">What, from where, to which stage.</param>
    /// <param name="progress">Hears of each step when it is done.</param>
    /// <param name="cancellation">Ends the deploy; what serves goes on serving.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/>;
    /// <see cref="ErrorCode.StageLocked"/>; <see cref="ErrorCode.InvalidArgument"/>: no such stage, or step.</exception>
    public async Task<PyServiceDeployment> DeployAsync(
        DeployRequest request, IProgress<PyServiceDeployStep>? progress, CancellationToken cancellation) =>
        await ReadAsync(request, cancellation) is var stage && await stage.FleetAsync(cancellation) is { } fleet
            ? await new FleetDeployer(fleet, progress).DeployAsync(request.Step, cancellation)
            : await new Deployer(stage.Context, progress).DeployAsync(request.Step, cancellation);

    /// <summary>What a deploy would do. Nothing is changed.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<PyServiceDeployPlan> PlanAsync(DeployRequest request, CancellationToken cancellation) =>
        await ReadAsync(request, cancellation) is var stage && await stage.FleetAsync(cancellation) is { } fleet
            ? await new FleetLook(fleet).PlanAsync(cancellation) : await new DeployPlan(stage.Context).MakeAsync(cancellation);

    /// <summary>Has an older release serve again. A failed step is part of the answer.</summary>
    /// <param name="folder">Absolute path of the folder of deploy.yaml.</param>
    /// <param name="stage">Which stage.</param>
    /// <param name="release">Its id; null for the one before the one that serves.</param>
    /// <param name="progress">Hears of each step when it is done.</param>
    /// <param name="cancellation">Withdraws it; what serves goes on serving.</param>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<PyServiceDeployment> RestoreAsync(
        string folder, string stage, string? release, IProgress<PyServiceDeployStep>? progress, CancellationToken cancellation) =>
        await ReadAsync(folder, stage, cancellation) is var read && await read.FleetAsync(cancellation) is { } fleet
            ? await new FleetDeployer(fleet, progress).RestoreAsync(release, cancellation)
            : await new Deployer(read.Context, progress).RestoreAsync(release, cancellation);

    /// <summary>The release that a rollback would go to; null where there is none.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<string?> FindRollbackTargetAsync(string folder, string stage, CancellationToken cancellation) =>
        await ReadAsync(folder, stage, cancellation) is var read && await read.FleetAsync(cancellation) is { } fleet
            ? FleetDeployer.RollbackTarget([.. (await new FleetLook(fleet).ReleasesAsync(Throw, cancellation))
                .GroupBy(release => release.HostName).Select(host => host.ToList())])
            : ReleasePolicy.RollbackTarget(read.Context.Tree.List())?.Id;

    /// <summary>The releases of a stage, the newest first; of several hosts, host after host.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public Task<IReadOnlyList<PyServiceRelease>> GetAsync(string folder, string stage, CancellationToken cancellation) =>
        GetAsync(folder, stage, Throw, cancellation);

    /// <summary>The same, where a host that can't be asked is reported and the others are not held up.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<IReadOnlyList<PyServiceRelease>> GetAsync(
        string folder, string stage, Action<ErrorReport> report, CancellationToken cancellation)
    {
        var read = await ReadAsync(folder, stage, cancellation);
        return await read.FleetAsync(cancellation) is { } fleet ? await new FleetLook(fleet).ReleasesAsync(report, cancellation)
            : [.. read.Context.Tree.List().Reverse().Select(release => ReleaseListing.Describe(read.Context, release))];
    }

    /// <summary>Deletes a release that does not serve, on each host that has it.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ReleaseNotFound"/>; <see cref="ErrorCode.InvalidState"/>: it serves;
    /// <see cref="ErrorCode.StageLocked"/>.</exception>
    public async Task<PyServiceRelease> RemoveAsync(string folder, string stage, string id, CancellationToken cancellation)
    {
        var read = await ReadAsync(folder, stage, cancellation);
        if (await read.FleetAsync(cancellation) is not { } fleet)
            return StageUpkeep.Remove(read.Context, id);
        List<ErrorReport> errors = [];
        var removed = await new FleetLook(fleet).RemoveAsync(id, errors.Add, cancellation);
        // A host that has none is as it should be, unless that is true of all.
        return errors.Find(error => removed.Count == 0 || error.Code != ErrorCode.ReleaseNotFound) is { } refused
            ? throw new ServiceCtlException(refused) : removed[0];
    }

    /// <summary>The stages that deploy.yaml describes.</summary>
    /// <inheritdoc cref="DeployAsync"/>
    public async Task<IReadOnlyList<PyServiceStage>> GetStagesAsync(string folder, CancellationToken cancellation)
    {
        List<PyServiceStage> stages = [];
        foreach (var stage in await DeployReader.ReadStagesAsync(folder, cancellation))
            stages.Add(ReleaseListing.Describe((await ReadAsync(folder, stage, cancellation)).Context));
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

    /// <summary>The hosts of a stage, for completion: faults are passed over.</summary>
    public static async Task<IReadOnlyList<string>> FindHostsAsync(string folder, string stage, CancellationToken cancellation)
    {
        try
        {
            return [.. (await DeployReader.ReadAsync(folder, stage, cancellation)).Hosts.Select(host => host.Name)];
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
        string folder, string stage, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var read = await ReadAsync(folder, stage, cancellation);
        if (await read.FleetAsync(cancellation) is { } fleet)
        {
            foreach (var check in await new FleetLook(fleet).CheckAsync(cancellation))
                yield return check;
            yield break;
        }

        await foreach (var check in new StageCheck(read.Context).RunAsync(cancellation))
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
        var read = await ReadAsync(folder, stage, cancellation);
        return await read.FleetAsync(cancellation) is { } fleet ? await new FleetLook(fleet).LockAsync(message, cancellation)
            : StageUpkeep.Lock(read.Context, message);
    }

    /// <summary>Takes away a lock that was put on purpose, or that a deploy which died has left.</summary>
    /// <param name="folder">Absolute path of the folder of deploy.yaml.</param>
    /// <param name="stage">Which stage.</param>
    /// <param name="force">Take it also from a deploy that is at work.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was taken away; null where nothing was locked.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>: a deploy is at work.</exception>
    public async Task<PyServiceStageLock?> UnlockAsync(string folder, string stage, bool force, CancellationToken cancellation)
    {
        var read = await ReadAsync(folder, stage, cancellation);
        return await read.FleetAsync(cancellation) is { } fleet ? await new FleetLook(fleet).UnlockAsync(force, cancellation)
            : StageLock.Remove(read.Context.Tree, stage, force);
    }

    /// <summary>The end of a deploy that is on a host: does what comes in, until its end or the last order.</summary>
    public Task ServeAsync(Stream input, Stream output, CancellationToken cancellation) =>
        new HostDeploys(_agent.Paths, new AgentSwitch(_services)).ServeAsync(input, output, cancellation);

    private static void Throw(ErrorReport error) => throw new ServiceCtlException(error);

    private StageReader Reader => new(_agent.Paths, new AgentSwitch(_services), _hosts, _roles, _isSudo);

    private Task<StageReading> ReadAsync(DeployRequest request, CancellationToken cancellation) =>
        Reader.ReadAsync(request.Folder, request.Stage, request.Revision, cancellation);

    private Task<StageReading> ReadAsync(string folder, string stage, CancellationToken cancellation) =>
        Reader.ReadAsync(folder, stage, null, cancellation);
}
