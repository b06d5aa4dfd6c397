using System.Globalization;
using System.IO.Pipelines;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>Carries out orders in a stage's folder on this host, by the same steps as a deploy here.</summary>
internal sealed class HostWork(DeployContext context, Action<HostReport> say) : IProgress<PyServiceDeployStep>
{
    public void Report(PyServiceDeployStep value) => say(new HostReport { Step = value });

    /// <summary>What changes the stage: the lock is held until the last order.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StageLocked"/>.</exception>
    /// <exception cref="OperationCanceledException">Whoever orders is gone.</exception>
    public async Task RunUnderLockAsync(string what, ChannelReader<(HostOrder Order, PipeReader? Code)> orders, CancellationToken gone)
    {
        var deployer = new Deployer(context, this);
        var result = await deployer.RunAsync(what, async secrets =>
        {
            say(await OpenedAsync(gone));
            await ForEachAsync(orders, (order, code) => DoAsync(deployer, order, code, secrets, gone), gone);
        }, gone);
        if (result.Error is { } error)
            say(new HostReport { Error = error });
    }

    /// <summary>What only looks, or is done at once.</summary>
    /// <inheritdoc cref="RunUnderLockAsync"/>
    public Task RunAsync(ChannelReader<(HostOrder Order, PipeReader? Code)> orders, CancellationToken gone)
    {
        say(Look());
        return ForEachAsync(orders, async (order, code) =>
        {
            try
            {
                return await AnswerAsync(order, code, gone);
            }
            catch (ServiceCtlException error)
            {
                return new HostReport { Error = error.Report };
            }
        }, gone);
    }

    private async Task ForEachAsync(
        ChannelReader<(HostOrder Order, PipeReader? Code)> orders, Func<HostOrder, PipeReader?, Task<HostReport>> work,
        CancellationToken gone)
    {
        while (await orders.ReadAsync(gone) is { Order: { Kind: not HostOrderKind.Close } order, Code: var code })
        {
            try
            {
                say(await work(order, code));
            }
            finally
            {
                // What was sent and nobody wanted is thrown away.
                if (code is not null)
                    await code.CompleteAsync();
            }
        }
    }

    private async Task<HostReport> DoAsync(
        Deployer deployer, HostOrder order, PipeReader? code, IReadOnlyDictionary<string, string> secrets, CancellationToken gone)
    {
        var result = await deployer.AttemptAsync(secrets, () =>
        {
            switch (order.Kind)
            {
                case HostOrderKind.Phase:
                    if (order.Phase == DeployPhase.Updating)
                        ((SentSource)context.Sent!).Take(order, code);
                    else if (order is { Phase: DeployPhase.Publishing, Release: { } id })
                        deployer.Choose(id);
                    return deployer.RunPhaseAsync(order.Phase, secrets, gone);
                case HostOrderKind.Hook:
                    deployer.Choose(order.Release!);
                    return deployer.HookAsync(order.Name!, order.Commands, secrets, gone);
                case HostOrderKind.Own:
                    return deployer.RunOwnAsync(context.Settings.Steps.First(step => step.Name == order.Name), secrets, gone);
                case HostOrderKind.Restore:
                    return deployer.RestoreAsync(order.Release, secrets, gone);
                case HostOrderKind.Abandon:
                    return deployer.FailAsync(order.Reason!, secrets, gone);
                default:
                    throw Unknown(order);
            }
        }, gone);
        return Look() with { Error = result.Error, Warnings = result.Warnings };
    }

    private async Task<HostReport> AnswerAsync(HostOrder order, PipeReader? code, CancellationToken gone)
    {
        switch (order.Kind)
        {
            case HostOrderKind.Check:
                List<HostCheck> checks = [];
                await foreach (var check in new StageCheck(context).RunAsync(gone))
                    checks.Add(check with { HostName = context.Host!.Name });
                return new HostReport { Checks = checks };
            case HostOrderKind.Plan:
                ((SentSource)context.Sent!).Take(order, code);
                return new HostReport { Plan = await new DeployPlan(context).MakeAsync(gone) };
            case HostOrderKind.Releases:
                return Look();
            case HostOrderKind.Remove:
                return new HostReport { Releases = [StageUpkeep.Remove(context, order.Release!)] };
            case HostOrderKind.Lock:
                return new HostReport { Lock = StageUpkeep.Lock(context, order.Reason!) };
            case HostOrderKind.Unlock:
                return new HostReport { Lock = StageLock.Remove(context.Tree, context.Settings.Stage, order.IsForced) };
            default:
                throw Unknown(order);
        }
    }

    private async Task<HostReport> OpenedAsync(CancellationToken gone) => Look() with
    {
        Held = context.Sent is SentSource sent ? await sent.HeldAsync(gone) : [],
    };

    private HostReport Look() => new()
    {
        Releases = [.. context.Tree.List().Reverse().Select(release => ReleaseListing.Describe(context, release))],
        Lock = StageLock.Find(context.Tree),
        ProcessorSeconds = ProcessorSeconds(),
        KnowsCanaries = true,
        KnowsEarlySteps = true,
        KnowsForms = true,
    };

    /// <summary>Of this process and of the programs that it has run.</summary>
    private static double ProcessorSeconds()
    {
        var text = System.Text.Encoding.ASCII.GetString(ProcFile.TryReadAll("/proc/self/stat") ?? []);
        // Behind the name, which may hold anything.
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        const int UserTime = 11, Count = 4;
        return fields.Length < UserTime + Count ? 0 : StatLine.Duration(
            fields[UserTime..(UserTime + Count)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture))).TotalSeconds;
    }

    public static ServiceCtlException Unknown(HostOrder order) => new(
        ErrorCode.InvalidArgument, order.Kind.ToString(), $"The order {order.Kind} is not understood here.",
        "Install the same version of servicectl on all hosts.");
}
