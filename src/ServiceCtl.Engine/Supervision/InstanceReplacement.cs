using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Replaces one of several instances that has ended, by the same rules as a whole service, while the others serve.</summary>
internal sealed class InstanceReplacement
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly Dictionary<int, RuledFailures> _failures = [];

    public InstanceReplacement(SupervisedService service, ServingGeneration serving)
    {
        _service = service;
        _serving = serving;
    }

    /// <summary>Forgets what was.</summary>
    public void Reset() => _failures.Clear();

    public async Task NoticeEndAsync(Generation generation, Instance instance)
    {
        var report = await instance.ReportAsync(_service.Time.GetLocalNow(), expected: false);
        await _service.Context.Ender.DiscardAsync(generation, instance, CancellationToken.None);
        if (generation.TrySave() is { } unsaved)
            _service.Report(ServiceEventKind.Warning, unsaved);
        var name = generation.NameOf(instance.Index);
        _service.Change(record => record with { Pid = generation.Main.Process.Pid, LastExit = report });
        var definition = generation.Definition;
        var failures = FailuresOf(instance.Index);
        var facts = RuledFailures.FactsOf(definition, report, FailurePhase.Running, _service.Time.GetElapsedTime(instance.Since));
        var decision = failures.Decide(definition, facts);
        if (RuledFailures.IsFinished(facts, decision))
        {
            ReportFinish(definition, report, decision, name);
            return;
        }

        var plan = failures.PlanFor(definition, facts, decision);
        _service.ReportFailure(definition, plan, _service.Note(failures.Describe(plan, isAnswered: false)), ServiceEventKind.Crashed,
            $"{name} ended without an order ({report}, pid {report.Pid}); the others serve.", report);
        Await(generation, instance.Index, plan, $"{name} ended without an order ({report})");
    }

    /// <summary>Starts whatever is missing, at once.</summary>
    public void Complete(Generation generation)
    {
        foreach (var index in generation.Missing.ToArray())
            Launch(generation, index);
    }

    private RuledFailures FailuresOf(int index) => _failures.TryGetValue(index, out var known)
        ? known : _failures[index] = new RuledFailures(_service.Name, _service.Context, PyServiceFailureLayer.Instance);

    private void Await(Generation generation, int index, FailurePlan plan, string reason)
    {
        if (plan.Wait is not { } wait)
        {
            var problem = $"{reason}; {plan.WhyNot}.";
            _service.Change(record => record with { Problem = problem });
            var failures = FailuresOf(index);
            var after = failures.GivenUp(generation.Definition, plan);
            _service.ReportFailure(
                generation.Definition, after, failures.Describe(after, isAnswered: false), ServiceEventKind.GaveUp, problem);
            if ((plan.StartsInstead ?? after.StartsInstead) is { } other)
                _service.Context.StartInstead(_service.Name, other);
            return;
        }

        _service.Change(
            record => record with
            {
                Restarts = record.Restarts + 1,
                Problem = $"{reason}; restarting in {wait.TotalSeconds:0.###} s."
            });
        _ = _service.RunBesideAsync(async () =>
        {
            var watching = _serving.Watching;
            await Task.Delay(wait, _service.Time, watching);
            Launch(generation, index, await _service.AskForTurnAsync(watching));
        });
    }

    private void ReportFinish(ServiceDefinition definition, ExitReport exit, FailureDecision decision, string name) => _service.Report(
        ServiceEventKind.Stopped, $"{RuledFailures.DescribeFinish(definition, exit, decision, name)} The others serve.", exit);

    private void Launch(Generation generation, int index, StartTurns.Turn? turn = null) =>
        _service.PostStart(cancellation => _serving.IfCurrent(generation, () => LaunchAsync(generation, index, cancellation)), turn);

    private async Task LaunchAsync(Generation generation, int index, CancellationToken cancellation)
    {
        if (!generation.Missing.Contains(index))
            return;

        var name = generation.NameOf(index);
        try
        {
            await _service.Context.Starter.ReplaceAsync(generation, index, cancellation);
            var instance = generation.Instances.First(one => one.Index == index);
            _serving.Watch(generation, instance);
            generation.Publish();
            _service.Change(
                record => record with { Pid = generation.Main.Process.Pid, Problem = generation.Missing.Any() ? record.Problem : null });
            _service.Report(ServiceEventKind.Restarted, $"{name} was started again (pid {instance.Process.Pid}).");
            if (generation.Places.FindMoved(generation.Definition) is { } moved)
                _service.Report(ServiceEventKind.Warning,
                    $"{moved} has become another folder since the others were started, so {name} may run other code than they do. A "
                        + "restart brings all of them there.");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // An order has come in between. Should the generation serve on after it, the instance is still missing.
            Launch(generation, index);
        }
        catch (ServiceCtlException error)
        {
            var exit = EarlyEnd.Of(error);
            var failures = FailuresOf(index);
            var facts = RuledFailures.FactsOf(generation.Definition, exit, FailurePhase.Start, TimeSpan.Zero) with
            {
                HasFailed = true,
            };
            var decision = failures.Decide(generation.Definition, facts);
            if (exit is not null && RuledFailures.IsFinished(facts, decision))
            {
                _service.Change(record => record with { Problem = null });
                ReportFinish(generation.Definition, exit, decision, name);
                return;
            }

            var plan = failures.PlanFor(generation.Definition, facts, decision);
            var failure = _service.Note(failures.Describe(plan, isAnswered: false));
            _service.ReportFailure(
                generation.Definition, plan, failure, ServiceEventKind.Warning, error.Message, error: error.Report);
            Await(generation, index, plan, error.Message.TrimEnd('.'));
        }
    }
}
