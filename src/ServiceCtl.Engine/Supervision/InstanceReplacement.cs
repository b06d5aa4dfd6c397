using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Replaces one of several instances that has ended, by the same rules as a whole service, while the others serve.</summary>
internal sealed class InstanceReplacement
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly Dictionary<int, RestartPolicy> _policies = [];

    public InstanceReplacement(SupervisedService service, ServingGeneration serving)
    {
        _service = service;
        _serving = serving;
    }

    /// <summary>Forgets what was.</summary>
    public void Reset() => _policies.Clear();

    public async Task NoticeEndAsync(Generation generation, Instance instance)
    {
        var report = await instance.ReportAsync(_service.Time.GetLocalNow(), expected: false);
        await _service.Context.Ender.DiscardAsync(generation, instance, CancellationToken.None);
        if (generation.TrySave() is { } unsaved)
            _service.Report(ServiceEventKind.Warning, unsaved);
        var name = generation.NameOf(instance.Index);
        _service.Change(record => record with { Pid = generation.Main.Process.Pid, LastExit = report });
        if (RestartPolicy.IsFinished(generation.Definition.Restart, report))
        {
            _service.Report(ServiceEventKind.Stopped,
                $"{name} ended by itself ({report}, pid {report.Pid}), and that is all: "
                    + $"{RestartPolicy.Describe(generation.Definition.Restart)}. The others serve.", report);
            return;
        }

        _service.Report(ServiceEventKind.Crashed, $"{name} ended without an order ({report}, pid {report.Pid}); the others serve.", report);
        Await(generation, instance.Index, failed: report.Code != 0, _service.Time.GetElapsedTime(instance.Since),
            $"{name} ended without an order ({report})");
    }

    /// <summary>Starts whatever is missing, at once.</summary>
    public void Complete(Generation generation)
    {
        foreach (var index in generation.Missing.ToArray())
            Launch(generation, index);
    }

    private void Await(Generation generation, int index, bool failed, TimeSpan upFor, string reason)
    {
        var rule = generation.Definition.Restart;
        if (!_policies.TryGetValue(index, out var policy))
            _policies[index] = policy = new RestartPolicy(_service.Time);
        if (policy.Next(rule, failed, upFor) is not { } wait)
        {
            var problem = $"{reason}; {policy.Explain(rule)}.";
            _service.Change(record => record with { Problem = problem });
            _service.Report(ServiceEventKind.GaveUp, problem);
            return;
        }

        _service.Change(
            record => record with
            {
                Restarts = record.Restarts + 1,
                Problem = $"{reason}; it is started again in {wait.TotalSeconds:0.###} s."
            });
        _ = _service.RunBesideAsync(async () =>
        {
            await Task.Delay(wait, _service.Time, _serving.Watching);
            Launch(generation, index);
        });
    }

    private void Launch(Generation generation, int index) =>
        _service.PostStart(cancellation => _serving.IfCurrent(generation, () => LaunchAsync(generation, index, cancellation)));

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
            _service.Report(ServiceEventKind.Warning, error.Message, error: error.Report);
            Await(generation, index, failed: true, TimeSpan.Zero, error.Message.TrimEnd('.'));
        }
    }
}
