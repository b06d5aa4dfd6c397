using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision.Canaries;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// A release serves a part of the new connections, beside the generation that is the service, and is judged by its figures. It ends in any
/// case: what takes over is a generation of its own, with all that a canary leaves out. Nothing is the service's but the one that was.
/// </summary>
internal sealed class CanaryTrial
{
    private const int LinesOfFailure = 60;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly SupervisedService _service;
    private readonly ServiceAddress _address;
    private volatile PyServiceCanary? _shown;
    private volatile Generation? _launching;

    public CanaryTrial(SupervisedService service, ServiceAddress address)
    {
        _service = service;
        _address = address;
    }

    /// <summary>What it is at; null while there is none.</summary>
    public PyServiceCanary? Shown => _shown;

    /// <summary>The one that is to become ready; null while none is.</summary>
    public Generation? Launching => _launching;

    private SupervisionContext Context => _service.Context;

    private TimeProvider Time => _service.Time;

    /// <param name="former">What serves.</param>
    /// <param name="definition">What is tried.</param>
    /// <param name="release">Where it is from, and what it has to show before it gets a connection.</param>
    /// <param name="rule">Its part of the connections, and what it fails by.</param>
    /// <param name="order">Who wants it.</param>
    /// <returns>Warnings.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.CanaryFailed"/>, or whatever was in the way. The former one serves all
    /// connections.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(
        Generation former, ServiceDefinition definition, ReleaseOrder release, ReleaseCanary rule, Order order)
    {
        Require(former, definition, rule);
        using var claim = _address.Claim(definition, isFree: false);
        var number = _service.Record.Generation + 1;
        _service.Change(record => record with { Generation = number });
        order.Step($"Starting release {release.Name} as a canary");
        Generation canary;
        try
        {
            canary = await Context.Starter.StartAsync(
                definition, number, claim.Plan.Addresses, claim.Sockets, order.Limit ?? definition.Ready.Timeout,
                launched => _launching = launched, order.Cancellation, order.IsOrdered, isCanary: true);
        }
        finally
        {
            _launching = null;
        }

        IReadOnlyList<string> warnings;
        try
        {
            warnings = await new ReleaseProof(release, canary, Time).RunAsync(former, order.Step, order.Cancellation);
        }
        catch
        {
            await Context.Ender.DiscardAsync(canary, CancellationToken.None);
            throw;
        }

        return [.. warnings, .. await ServeAsync(former, canary, release, rule, order)];
    }

    private static void Require(Generation former, ServiceDefinition definition, ReleaseCanary rule)
    {
        CanaryPrecondition.Require(definition);
        if (rule.Shares is not { Count: > 0 } || rule.Shares.Any(share => share is not (> 0 and <= 100))
            || rule.StepSeconds is not (> 0 and < 1e6))
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, definition.Name,
                "A canary needs shares above 0 and up to 100 %, and steps longer than 0 s.", "Correct the order.");
        }

        var addresses = Runners.Registry.RunnerRegistry.PlanSocket(definition).Addresses.Select(served => served.Address.ToString());
        if (former.Sockets.Count == 0 || !addresses.ToHashSet().SetEquals(former.Addresses.Select(served => served.Address.ToString())))
        {
            throw new ServiceCtlException(ErrorCode.InvalidState, definition.Name,
                $"{definition.Name} can't have a canary: what serves "
                    + (former.Sockets.Count == 0 ? "has no sockets that the agent holds" : "listens on other addresses than the release")
                    + ", so they can't share connections.",
                "Deploy this release without `canary`; the next one can have it.");
        }
    }

    /// <summary>Lets it serve its part, step after step, and ends it.</summary>
    private async Task<IReadOnlyList<string>> ServeAsync(
        Generation former, Generation canary, ReleaseOrder release, ReleaseCanary rule, Order order)
    {
        var isOver = false;
        try
        {
            var known = Known(definition: former.Definition, await release.KnownExceptionsAsync(order.Cancellation));
            using var ofCanary = new GenerationMeter(canary, []);
            using var ofFormer = new GenerationMeter(former, known);
            await Task.WhenAll(ofCanary.BeginAsync(order.Cancellation), ofFormer.BeginAsync(order.Cancellation));
            _service.Report(ServiceEventKind.CanaryStarted, string.Create(CultureInfo.InvariantCulture,
                $"Release {release.Name} of {_service.Name} serves {string.Join(" %, ", rule.Shares)} % of new connections, "
                    + $"{rule.StepSeconds:0.#} s each (pid {canary.Main.Process.Pid})."));
            CanaryVerdict? verdict = null;
            for (var step = 0; step < rule.Shares.Count; step++)
                verdict = await RunStepAsync(step, new Pair(canary, ofCanary, former, ofFormer), release, rule, order);
            isOver = true;
            var words = $"The canary of release {release.Name} passed: {verdict!.Words}";
            order.Step(words);
            await EndAsync(canary);
            _service.Report(ServiceEventKind.CanaryPassed, $"{words}.");
            return verdict.Outcome == CanaryOutcome.TooFew ? [$"{words}. It takes over anyway."] : [];
        }
        catch (Exception error) when (!isOver)
        {
            order.Step("Taking the canary back");
            await EndAsync(canary);
            var words = error is OperationCanceledException
                ? $"The canary of release {release.Name} of {_service.Name} was withdrawn." : error.Message;
            _service.Report(ServiceEventKind.CanaryFailed, words);
            throw;
        }
    }

    private async Task<CanaryVerdict> RunStepAsync(int step, Pair pair, ReleaseOrder release, ReleaseCanary rule, Order order)
    {
        var share = rule.Shares[step];
        var length = TimeSpan.FromSeconds(rule.StepSeconds);
        order.Step(string.Create(CultureInfo.InvariantCulture,
            $"Canary {step + 1} of {rule.Shares.Count}: {share:0.##} % of new connections for {length.TotalSeconds:0.#} s"));
        _address.Share(pair.Canary.Sockets, share);
        var begin = Time.GetTimestamp();
        var ends = Time.GetLocalNow() + length;
        while (true)
        {
            var figures = await pair.OfCanary.ReadAsync(order.Cancellation);
            var usual = await pair.OfFormer.ReadAsync(order.Cancellation);
            _shown = new PyServiceCanary
            {
                Release = release.Name,
                Pid = pair.Canary.Main.Process.Pid,
                Share = share,
                Step = step + 1,
                Steps = rule.Shares.Count,
                StepEndsAt = ends,
                Figures = figures,
                Former = usual,
            };
            await RequireAliveAsync(pair, release);
            var verdict = CanaryVerdict.Of(rule, figures, usual);
            if (verdict.Outcome == CanaryOutcome.Bad)
                throw Failed(release, pair.Canary, verdict.Words, figures, usual);
            var left = length - Time.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
            {
                order.Step(string.Create(CultureInfo.InvariantCulture, $"{share:0.##} %: {verdict.Words}"));
                return verdict;
            }

            await Task.WhenAny(
                [Task.Delay(left < Look ? left : Look, Time, order.Cancellation),
                    .. pair.Instances.Select(instance => instance.Process.Exited)]);
            order.Cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task RequireAliveAsync(Pair pair, ReleaseOrder release)
    {
        if (pair.Canary.Instances.FirstOrDefault(instance => instance.HasEnded) is { } ended)
        {
            var report = await ended.ReportAsync(Time.GetLocalNow(), expected: false);
            throw Failed(release, pair.Canary, $"it ended by itself ({report}, pid {report.Pid})", _shown!.Figures, _shown.Former);
        }

        if (pair.Former.Instances.Any(instance => instance.HasEnded))
            throw new ServiceCtlException(ErrorCode.InvalidState, _service.Name,
                $"Release {release.Name} of {_service.Name} was not taken: what serves ended by itself meanwhile, and is brought back "
                    + $"first. {release.Place.Link} was not touched.", "Give the order again.");
    }

    /// <summary>Takes its part of the connections back, and lets it finish what it has.</summary>
    private async Task EndAsync(Generation canary)
    {
        _shown = null;
        _address.EndShare();
        _service.ReportWarnings(
            await Context.Ender.EndAsync(canary, isRelieved: true, canary.Definition.Stop.Timeout, CancellationToken.None));
    }

    /// <summary>What the service's logs have had before is no news in a release.</summary>
    private static IReadOnlyList<ExceptionCount> Known(ServiceDefinition definition, IReadOnlyList<(string Type, string? Place)> logged)
    {
        var kind = new ExceptionKind(definition.Release);
        return [.. logged.Select(one => kind.Of(one.Type, one.Place)).Distinct(StringComparer.Ordinal)
            .Select(one => new ExceptionCount { Kind = one, Count = 0 })];
    }

    private ServiceCtlException Failed(
        ReleaseOrder release, Generation canary, string reason, GenerationFigures figures, GenerationFigures usual) => new(new ErrorReport
        {
            Code = ErrorCode.CanaryFailed,
            Target = _service.Name,
            Message = $"The canary of release {release.Name} of {_service.Name} failed: {reason}. "
                + $"It had {figures}; the release that serves had {usual}. {release.Place.Link} was not touched.",
            Advice = $"What it printed is in {Context.CanaryFileOf(_service.Name)}; fix the code and deploy again.",
            LogLines = [.. figures.Exceptions.Select(kind => kind.ToString()), .. canary.Main.ReadLastLines(LinesOfFailure)],
        });

    private sealed record Pair(Generation Canary, GenerationMeter OfCanary, Generation Former, GenerationMeter OfFormer)
    {
        public IEnumerable<Instance> Instances => Canary.Instances.Concat(Former.Instances);
    }
}
