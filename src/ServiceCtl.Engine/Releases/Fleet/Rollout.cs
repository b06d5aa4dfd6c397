using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>The hosts of one deploy: ordered side by side, counted out when they fail, switched in batches, and taken back.</summary>
internal sealed class Rollout(FleetContext fleet, IProgress<PyServiceDeployStep>? progress) : IAsyncDisposable
{
    /// <summary>What was cut off over there is withdrawn first, and gives its lock back.</summary>
    private static readonly TimeSpan Withdrawing = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromSeconds(1);

    private readonly List<string> _warnings = [];
    private FleetHost? _keeper;
    private string _work = "";
    private IReadOnlyDictionary<string, string> _secrets = new Dictionary<string, string>();

    /// <summary>Those that are meant, in the order of deploy.yaml.</summary>
    public IReadOnlyList<FleetHost> Hosts { get; } = [.. fleet.Hosts.Select(host => new FleetHost(host))];

    /// <summary>What is worth knowing and stopped nothing.</summary>
    public IEnumerable<string> Warnings => Hosts.SelectMany(host => host.Warnings.Select(text => $"{host.Name}: {text}")).Concat(_warnings);

    /// <summary>The release is where it was to be: from now on nothing is taken back.</summary>
    public bool IsSettled { get; private set; }

    private RolloutSettings Settings => fleet.Settings.Rollout;

    /// <summary>
    /// Reaches all of them, and locks their stages. The primary's lock comes first: of two that deploy at once, one gets no further.
    /// </summary>
    /// <exception cref="ServiceCtlException">The primary can't be had, or too few of the others.</exception>
    public async Task OpenAsync(string work, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellation)
    {
        (_work, _secrets) = (work, secrets);
        var primary = Hosts.FirstOrDefault(host => host.Host.IsPrimary) ?? (_keeper = new FleetHost(fleet.Primary));
        await OpenAsync(primary, cancellation);
        if (primary.Error is { } error)
            throw new ServiceCtlException(error);
        await Task.WhenAll(Hosts.Where(host => host != primary).Select(host => OpenAsync(host, cancellation)));
        Require();
    }

    /// <summary>Orders the same of all that are well.</summary>
    /// <exception cref="ServiceCtlException">Too many have failed.</exception>
    public async Task AllAsync(HostOrder order, IReadOnlyDictionary<FleetHost, string>? code, CancellationToken cancellation)
    {
        await Task.WhenAll(Hosts.Where(host => !host.HasFailed).Select(host => code?.GetValueOrDefault(host) is { } file
            ? AskAsync(host, order with { HasCode = true }, file, cancellation) : AskAsync(host, order, null, cancellation)));
        Require();
    }

    /// <summary>Orders something of one host alone; all others wait for it.</summary>
    /// <returns>Whether it is one of those that are meant.</returns>
    /// <exception cref="ServiceCtlException">It has failed, now or before.</exception>
    public async Task<bool> OneAsync(StageHost one, HostOrder order, CancellationToken cancellation)
    {
        if (Hosts.FirstOrDefault(host => host.Host == one) is not { } host)
            return false;
        if (!host.HasFailed)
            await AskAsync(host, order, null, cancellation);
        return host.Error is not { } error ? true : throw new ServiceCtlException(error);
    }

    /// <summary>Has all that are well switch to a release, batch after batch.</summary>
    /// <param name="release">Its id.</param>
    /// <param name="order">What has a host switch.</param>
    /// <param name="isFit">Can a host switch to it, as it is there?</param>
    /// <param name="cancellation">Withdraws it where it is at work.</param>
    /// <exception cref="ServiceCtlException">Too many have failed.</exception>
    public async Task SwitchAsync(string release, HostOrder order, Func<PyServiceRelease, bool> isFit, CancellationToken cancellation)
    {
        foreach (var host in Hosts.Where(host => !host.HasFailed))
        {
            if (host.Current == release)
                host.Outcome = DeployedHostOutcome.Unchanged;
            else if (host.Find(release) is not { } found || !isFit(found))
                host.Fail(NotThere(host, release));
        }

        Require();
        var batches = BatchSize.Cut(
            [.. Hosts.Where(host => host is { HasFailed: false, Outcome: not DeployedHostOutcome.Unchanged })], Settings.Batches);
        for (var index = 0; index < batches.Count; index++)
        {
            if (index > 0)
                await Task.Delay(Settings.Wait, cancellation);
            await Task.WhenAll(batches[index].Select(async host =>
            {
                host.IsSwitching = true;
                await AskAsync(host, order, null, cancellation);
                if (!host.HasFailed)
                    host.Outcome = DeployedHostOutcome.Done;
            }));
            Require();
        }

        IsSettled = true;
    }

    public void Warn(string text) => _warnings.Add(text);

    /// <summary>
    /// After a failure: hosts that have switched go back, or stay, as configured, and what was made and not used is given up.
    /// </summary>
    public async Task GiveUpAsync(string release, string reason)
    {
        if (IsSettled)
            return;
        // Nobody waits for ever for what is taken back: each host has its limit.
        var end = CancellationToken.None;
        await Task.WhenAll(
            Hosts.Where(host => host is { IsSwitching: true, Peer.IsLost: true }).Select(host => ReachAgainAsync(host, end)));
        var isTakenBack = Settings.OnFailure == RolloutFailure.Restore;
        var anyHas = Hosts.Any(host => host.IsSwitching && host.Current == release);
        await Task.WhenAll(Hosts.Select(async host =>
        {
            if (host.Peer is not { IsLost: false })
                return;
            if (host.IsSwitching && host.Current == release)
                await (isTakenBack ? TakeBackAsync(host, release, end) : Task.CompletedTask);
            else if (isTakenBack || !anyHas)
                host.See(await TryAsync(host, new HostOrder { Kind = HostOrderKind.Abandon, Reason = reason }, end));
        }));
    }

    /// <summary>Lets go of all of them: what is at work there is withdrawn.</summary>
    public void Abort()
    {
        foreach (var host in Hosts.Append(_keeper))
            host?.Peer?.Dispose();
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(
        Hosts.Append(_keeper).Select(host => host?.Peer?.CloseAsync() ?? Task.CompletedTask));

    private async Task TakeBackAsync(FleetHost host, string release, CancellationToken cancellation)
    {
        if (host.Before is not { } before)
        {
            Warn($"{host.Name} had nothing before {release}, and keeps it.");
            return;
        }

        var report = await TryAsync(host, new HostOrder { Kind = HostOrderKind.Restore, Release = before }, cancellation);
        host.See(report);
        if (report.Error is { } error)
            Warn($"{host.Name} could not go back to {before}: {error.Message}");
        else if (!host.HasFailed)
            host.Outcome = DeployedHostOutcome.Restored;
    }

    /// <summary>What was ordered of it last may be done or not: only it knows.</summary>
    private async Task ReachAgainAsync(FleetHost host, CancellationToken cancellation)
    {
        var until = Environment.TickCount64 + Withdrawing.TotalMilliseconds;
        while (true)
        {
            try
            {
                (host.Peer, var report) = await fleet.OpenAsync(host.Host, _secrets, _work, progress, cancellation);
                host.See(report);
                return;
            }
            catch (ServiceCtlException error) when (error.Code == ErrorCode.StageLocked && Environment.TickCount64 < until)
            {
                await Task.Delay(Pause, cancellation);
            }
            catch (ServiceCtlException)
            {
                // Why it has failed is known already.
                host.Outcome = DeployedHostOutcome.Unknown;
                return;
            }
        }
    }

    private async Task OpenAsync(FleetHost host, CancellationToken cancellation)
    {
        try
        {
            (host.Peer, var report) = await fleet.OpenAsync(host.Host, _secrets, _work, progress, cancellation);
            host.See(report);
            host.Before = host.Current;
            host.Held = report.Held;
            if (fleet.Settings.Canary is not null && !report.KnowsCanaries)
                host.Fail(FleetContext.TooOld(host.Host, "canaries", "canary"));
            else if (fleet.NewForm is { } form && !report.KnowsForms)
                host.Fail(FleetContext.TooOld(host.Host, form, form.Trim('`')));
            else if (!report.KnowsEarlySteps && fleet.Settings.Steps.FirstOrDefault(
                step => step is { IsOnce: true, IsEarly: true } && fleet.RunnerOf(step) == host.Host) is { } step)
                host.Fail(FleetContext.TooOld(host.Host, $"the step {step.Name} on one host alone", $"steps.{step.Name}.primary"));
        }
        catch (ServiceCtlException error)
        {
            host.Fail(error.Report with { HostName = host.Name });
        }
    }

    private async Task AskAsync(FleetHost host, HostOrder order, string? code, CancellationToken cancellation)
    {
        try
        {
            var report = await host.Peer!.AskAsync(order, LimitOf(order), code, cancellation);
            host.See(report);
            if (report.Error is { } error)
                host.Fail(error);
        }
        catch (ServiceCtlException error)
        {
            host.Fail(error.Report);
        }
    }

    /// <summary>A canary takes its time on each host.</summary>
    private TimeSpan LimitOf(HostOrder order) =>
        order is { Kind: HostOrderKind.Phase, Phase: DeployPhase.Publishing } && fleet.Settings.Canary is { } canary
            ? Settings.Timeout + (canary.Step * canary.Shares.Count) : Settings.Timeout;

    private async Task<HostReport> TryAsync(FleetHost host, HostOrder order, CancellationToken cancellation)
    {
        try
        {
            return await host.Peer!.AskAsync(order, Settings.Timeout, null, cancellation);
        }
        catch (ServiceCtlException error)
        {
            host.Outcome = DeployedHostOutcome.Unknown;
            return new HostReport { Error = error.Report, Releases = host.Releases, Warnings = host.Warnings };
        }
    }

    /// <exception cref="ServiceCtlException">Too many have failed, or the primary has.</exception>
    private void Require()
    {
        var failed = Hosts.Where(host => host.HasFailed).ToList();
        if (failed.Count > Settings.MaxFailures || failed.Exists(host => host.Host.IsPrimary) || failed.Count == Hosts.Count)
            throw new ServiceCtlException((failed.Find(host => host.Host.IsPrimary) ?? failed[0]).Error!);
    }

    private static ErrorReport NotThere(FleetHost host, string release) => new()
    {
        Code = ErrorCode.ReleaseNotFound,
        Target = release,
        HostName = host.Name,
        Message = host.Find(release) is { } found ? $"The release {release} is {found.State} there, and can't serve."
            : $"There is no release {release} there.",
        Advice = "'servicectl releases' shows what each host has; leave this one out with '--host'.",
    };
}
