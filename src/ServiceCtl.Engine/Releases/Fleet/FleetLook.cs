using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>What is asked of the hosts of a stage beside deploys. What one of them fails by holds up none of the others.</summary>
internal sealed class FleetLook(FleetContext fleet)
{
    private static readonly IReadOnlyDictionary<string, string> NoSecrets = new Dictionary<string, string>();

    /// <summary>The releases of each, the newest first, host after host.</summary>
    /// <param name="report">Hears what a host fails by.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<PyServiceRelease>> ReleasesAsync(Action<ErrorReport> report, CancellationToken cancellation) =>
        [.. (await EachAsync(new HostOrder { Kind = HostOrderKind.Releases }, NoSecrets, report, cancellation))
            .SelectMany(answer => answer.Report.Releases).Select(fleet.Placed)];

    /// <summary>Deletes a release wherever it is.</summary>
    /// <inheritdoc cref="ReleasesAsync"/>
    public async Task<IReadOnlyList<PyServiceRelease>> RemoveAsync(string id, Action<ErrorReport> report, CancellationToken cancellation) =>
        [.. (await EachAsync(new HostOrder { Kind = HostOrderKind.Remove, Release = id }, NoSecrets, report, cancellation))
            .SelectMany(answer => answer.Report.Releases).Select(fleet.Placed)];

    /// <summary>Looks whether here and there is what a deploy needs.</summary>
    public async Task<IReadOnlyList<HostCheck>> CheckAsync(CancellationToken cancellation)
    {
        List<HostCheck> checks = [];
        await foreach (var check in new StageCheck(fleet.Here).RunSourceAsync(cancellation))
            checks.Add(check);
        List<HostCheck> failures = [];
        foreach (var (host, report) in await EachAsync(new HostOrder { Kind = HostOrderKind.Check }, NoSecrets,
            error => failures.Add(Of(error)), cancellation))
        {
            checks.Add(new HostCheck
            {
                HostName = host.Name,
                Name = "host",
                Outcome = HostCheckOutcome.Passed,
                Message = $"{host.Ssh} is reached{(host.IsPrimary ? ", the primary" : "")}.",
            });
            checks.AddRange(report.Checks);
        }

        return [.. checks, .. failures];
    }

    /// <summary>What a deploy would do, host by host. Nothing is changed.</summary>
    public async Task<PyServiceDeployPlan> PlanAsync(CancellationToken cancellation)
    {
        List<string> problems = [];
        await foreach (var check in new StageCheck(fleet.Here).RunSourceAsync(cancellation))
        {
            if (check.Outcome == HostCheckOutcome.Failed)
                problems.Add(check.Message);
        }

        SourceRevision? revision = null;
        var secrets = NoSecrets;
        try
        {
            revision = await fleet.Here.Source.PeekAsync(cancellation);
            secrets = await fleet.Here.SecretsAsync(cancellation);
        }
        catch (ServiceCtlException)
        {
            // It is one of the problems.
        }

        var answers = await EachAsync(new HostOrder { Kind = HostOrderKind.Plan, Revision = revision }, secrets,
            error => problems.Add($"{error.HostName}: {error.Message}"), cancellation);
        List<PyServiceDeployPlan> plans = [];
        foreach (var plan in answers.Select(answer => answer.Report.Plan).OfType<PyServiceDeployPlan>())
            plans.Add(plan with { Commits = await CommitsAsync(plan.CurrentCommit, revision?.Commit, cancellation) });
        var primary = answers.FirstOrDefault(answer => answer.Host.IsPrimary).Report?.Plan;
        return new PyServiceDeployPlan
        {
            Service = fleet.Here.Service,
            Stage = fleet.Settings.Stage,
            Commit = revision?.Commit,
            CurrentRelease = primary?.CurrentRelease,
            CurrentCommit = primary?.CurrentCommit,
            Lock = primary?.Lock,
            // Arrays, which PowerShell can index.
            Batches = BatchSize.Cut(fleet.Hosts, fleet.Settings.Rollout.Batches)
                .Select(IReadOnlyList<string> (batch) => batch.Select(host => host.Name).ToArray()).ToArray(),
            Hosts = plans,
            Problems = [.. problems, .. plans.SelectMany(plan => plan.Problems.Select(problem => $"{plan.HostName}: {problem}"))],
        };
    }

    /// <summary>Locks the stage, on its primary.</summary>
    /// <exception cref="ServiceCtlException">It is locked already, or can't be reached.</exception>
    public async Task<PyServiceStageLock> LockAsync(string message, CancellationToken cancellation) =>
        (await fleet.AskAsync(
            fleet.Primary, new HostOrder { Kind = HostOrderKind.Lock, Reason = message }, NoSecrets, cancellation)).Lock!;

    /// <summary>Takes locks away: that of the primary, and what deploys that died have left on the others.</summary>
    /// <returns>The primary's, or that of another host; null where nothing was locked.</returns>
    /// <exception cref="ServiceCtlException">The primary can't be reached, or a deploy is at work.</exception>
    public async Task<PyServiceStageLock?> UnlockAsync(bool isForced, CancellationToken cancellation)
    {
        ErrorReport? refused = null;
        var answers = await EachAsync(
            new HostOrder { Kind = HostOrderKind.Unlock, IsForced = isForced }, NoSecrets, error => refused ??= error, cancellation);
        var held = answers.OrderByDescending(answer => answer.Host.IsPrimary).Select(answer => answer.Report.Lock)
            .FirstOrDefault(found => found is not null);
        return refused is not null ? throw new ServiceCtlException(refused) : held;
    }

    private async Task<IReadOnlyList<string>> CommitsAsync(string? from, string? to, CancellationToken cancellation) =>
        from is not null && to is not null && fleet.Here.Source.Repository is { } repository
            ? await repository.CommitsAsync(from, to, cancellation) : [];

    private async Task<IReadOnlyList<(StageHost Host, HostReport Report)>> EachAsync(
        HostOrder order, IReadOnlyDictionary<string, string> secrets, Action<ErrorReport> report, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(fleet.Hosts.Select(async host =>
        {
            try
            {
                return (host, Report: await fleet.AskAsync(host, order, secrets, cancellation), Error: (ErrorReport?)null);
            }
            catch (ServiceCtlException error)
            {
                return (host, Report: null!, Error: error.Report with { HostName = host.Name });
            }
        }));
        foreach (var error in answers.Select(answer => answer.Error).OfType<ErrorReport>())
            report(error);
        return [.. answers.Where(answer => answer.Error is null).Select(answer => (answer.host, answer.Report))];
    }

    private static HostCheck Of(ErrorReport error) => new()
    {
        HostName = error.HostName,
        Name = "host",
        Outcome = HostCheckOutcome.Failed,
        Message = error.Message,
        Advice = error.Advice,
    };
}
