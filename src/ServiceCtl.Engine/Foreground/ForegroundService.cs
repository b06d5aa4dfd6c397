using System.Globalization;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Scheduling;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Foreground;

/// <summary>
/// One service in the foreground, without an agent: for systemd and for containers, which start again what has ended. It takes the socket
/// that systemd holds for it, says when it is ready and that it lives, and lets its requests finish when it is asked to end.
/// </summary>
public sealed class ForegroundService : ISupervisionJournal
{
    private readonly AgentPaths _paths;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly Action<ReadOnlySpan<byte>> _output;
    private HookRunner? _hooks;
    private ForegroundJournal? _journal;

    /// <param name="paths">Where it keeps its files; of its own, not an agent's.</param>
    /// <param name="time">For limits and pauses.</param>
    /// <param name="report">Takes sentences about what happens.</param>
    /// <param name="output">Takes what the service prints, on one thread.</param>
    public ForegroundService(AgentPaths paths, TimeProvider time, Action<string> report, Action<ReadOnlySpan<byte>> output)
    {
        _paths = paths;
        _time = time;
        _report = report;
        _output = output;
    }

    /// <summary>Runs the service until it ends or is to end.</summary>
    /// <param name="path">Its folder or configuration file.</param>
    /// <param name="name">Null for the name that its configuration or folder gives.</param>
    /// <param name="sources">Where its configuration is searched; none: where its folder says.</param>
    /// <param name="notifier">The service manager; null for none.</param>
    /// <param name="stop">It is to end.</param>
    /// <exception cref="ServiceCtlException">It could not be started, ended by itself with a failure, or no longer answers.</exception>
    public async Task RunAsync(string path, string? name, IReadOnlyList<string> sources, ServiceNotifier? notifier, CancellationToken stop)
    {
        _paths.Ensure();
        // The process is the service's own, and so is its environment.
        var request = SourceRequest.Of(sources) with { Environment = SourceRequest.OwnEnvironment() };
        var place = request.NeedsNoFile ? path : ServiceSources.Meant(path) ?? path;
        var reading = await ServiceDefinitionReader.ReadReleaseAsync(place, name, stop, request);
        // What it says of files counts only if its user may read these, where others than root can change it.
        if (reading is { Open: not null, Definition.User: { } user })
            reading = await ServiceDefinitionReader.ReadReleaseAsync(place, name, stop, request with { User = user });
        var definition = reading.Definition;
        // Of one that was killed; systemd has ended what was left of it.
        LaunchFolder.RemoveAllLeftOver(_paths.ServiceRun(definition.Name));

        using var watcher = new ExitWatcher();
        using var scopes = new ProcessScopes(_paths.Home, watcher, _time);
        using var capture = new LogCapture(_time, problem => _report(problem.Message));
        await using var journal = _journal = definition.Alerts is null
            ? null : new ForegroundJournal(_paths, watcher, _time, definition, _report);
        var context = new SupervisionContext(new SupervisionTools(new RunnerRegistry(watcher, _time), watcher, scopes, capture, _time),
            _paths, journal: this, observers: []);
        using var hostRules = context.HostRules;
        hostRules.Changed += rules =>
        {
            foreach (var problem in rules.Problems)
                _report($"{problem.Place}: {problem.Message}");
        };
        await hostRules.RefreshAsync(stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var follow = context.FollowHostRulesAsync(_report, over.Token);
        await using var logs = context.Logs;
        using var printed = logs.Of(definition).Subscribe(_output.Invoke);
        var plan = RunnerRegistry.PlanSocket(definition);
        LaunchPreflight.RequireUserAndFolders(definition);
        var inherited = TakeSockets(definition, plan.Passed);
        using var held = plan.IsHeld && inherited.Count == 0 ? HeldAddresses.Open(definition, plan) : null;
        var sockets = held is null ? inherited : [.. plan.Addresses.Select(served => held.Find(served.Address)!.Current)];

        using var orders = new ForegroundOrders(definition.Name);
        await using var schedules = new Scheduler(_paths, new SchedulerTools(scopes, watcher, capture, _time), new ScheduleHost
        {
            IsWanted = _ => true,
            Order = (_, action, limit, cancellation) => orders.GiveAsync(action, limit, cancellation),
            Publish = Publish,
        });
        await using var hooks = new HookRunner(_paths, new SchedulerTools(scopes, watcher, capture, _time), Publish);
        _hooks = hooks;
        hooks.Resume(definition.Name, definition, wasFound: false);
        using var rules = new ForegroundFailures(context, definition, _report, happened => _journal?.Publish(happened) ?? 0);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, orders.Stopped);
        try
        {
            for (var number = 1; await rules.FollowAsync(() => ServeAsync(number), ends.Token) is { } next; number++)
                _report($"{definition.Name} is restarted {next}.");
        }
        finally
        {
            // What its rules have run for its end has its time, unless somebody wants this to end.
            await hooks.WhenIdleAsync().WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await over.CancelAsync();
            await follow;
            context.EndWatch();
        }

        Tell(ServiceEventKind.Stopped, $"{definition.Name} was stopped.");

        async Task<bool> ServeAsync(int number)
        {
            var generation = await context.Starter.StartAsync(definition, number, plan.Addresses, sockets,
                orders.Given?.Limit ?? definition.Ready.Timeout, _ => { }, stop);
            rules.NoteReady(generation);
            foreach (var failure in generation.Publish().Concat(generation.Main.Warnings))
                _report(failure);
            Tell(number == 1 ? ServiceEventKind.Started : ServiceEventKind.Restarted, string.Create(CultureInfo.InvariantCulture,
                $"{definition.Name} is ready (pid {generation.Main.Process.Pid}{(plan.Main is { } main ? $", {main}" : "")})."));
            notifier?.Ready();
            orders.Complete();
            schedules.Follow(definition, isServing: true, isStarted: number == 1);
            var end = await WatchAsync(generation, rules, notifier, orders.Next, stop);
            var order = end is null && !stop.IsCancellationRequested ? orders.Given : null;
            var isOver = order is not { Action: ServiceAction.Restart } && end?.Plan.Wait is null;

            if (isOver)
            {
                notifier?.Stopping();
                await schedules.EndRunsAsync(definition.Name);
            }

            foreach (var warning in await context.Ender.EndAsync(generation, isRelieved: false,
                order?.Limit ?? definition.Stop.Timeout, CancellationToken.None))
                _report(warning);
            foreach (var failure in PathCleaner.Clear(definition))
                _report(failure);
            return end is null ? order is { Action: ServiceAction.Restart } : throw new ForegroundEndException(end);
        }

        void Tell(ServiceEventKind kind, string message) => Publish(
            new ServiceEvent { Time = _time.GetLocalNow(), Service = definition.Name, Kind = kind, Message = message });
    }

    private void Publish(ServiceEvent happened)
    {
        _report(happened.Message);
        _journal?.Publish(happened);
    }

    void ISupervisionJournal.RunHook(ServiceDefinition definition, FailureHook hook, PyServiceFailure failure) =>
        _hooks?.Run(definition, hook, failure);

    /// <summary>Nobody else is here who could require it.</summary>
    void ISupervisionJournal.PassUp(string service)
    {
    }

    void ISupervisionJournal.StartInstead(string service, string other) =>
        _report($"A rule of {service} starts {other}, which only an agent can do.");

    long ISupervisionJournal.Publish(ServiceEvent happened)
    {
        Publish(happened);
        return 0;
    }

    /// <summary>What is to run, whoever started this knows.</summary>
    void ISupervisionJournal.SetWanted(string service, bool isWanted)
    {
    }

    void ISupervisionJournal.SetFinished(string service, bool hasFinished)
    {
    }

    /// <summary>
    /// systemd passes sockets from descriptor 3 on. https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: there are more than are wanted, or fewer.</exception>
    private static IReadOnlyList<HeldSocket> TakeSockets(ServiceDefinition definition, int wanted)
    {
        if (Environment.GetEnvironmentVariable("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out var count) || count == 0)
        {
            return [];
        }

        if (count == wanted)
        {
            try
            {
                return [.. Enumerable.Range(LaunchRequest.FirstDescriptor, count).Select(HeldSocket.Inherited)];
            }
            catch (SocketException)
            {
                // Told below.
            }
        }

        throw new ServiceCtlException(
            ErrorCode.InvalidState, definition.Name,
            $"{definition.Name} was given {count} sockets, and takes "
                + $"{(wanted > 0 ? wanted : "none: its server binds its address itself")}.",
            $"Correct the .socket unit; 'servicectl unit' makes the one that fits {definition.ConfigPath}.");
    }

    /// <returns>The failure that it ends by; null when it is to end, or has ended by itself without one.</returns>
    private async Task<ForegroundEnd?> WatchAsync(
        Generation generation, ForegroundFailures rules, ServiceNotifier? notifier, Task ordered, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sick = new TaskCompletionSource<ForegroundEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var health = AskAsync(generation, rules, sick, end.Token);
        var signs = KeepAliveAsync(notifier, end.Token);
        var printed = rules.WatchLogAsync(end.Token);
        var ends = generation.Instances.Select(instance => (Task)instance.Process.Exited).ToArray();
        var first = await Task.WhenAny([sick.Task, rules.Observed, ordered, Task.Delay(Timeout.Infinite, stop), .. ends]);
        await end.CancelAsync();
        await Task.WhenAll(health, signs, printed);

        if (first == sick.Task)
            return await sick.Task;
        if (first == rules.Observed)
            return await rules.Observed;
        if (!ends.Contains(first) || ordered.IsCompleted)
            return null;

        // systemd starts a service as a whole: the others end with the one that did.
        var report = await generation.Instances[Array.IndexOf(ends, first)].ReportAsync(_time.GetLocalNow(), expected: false);
        return rules.OfEnd(report);
    }

    private async Task AskAsync(
        Generation generation, ForegroundFailures rules, TaskCompletionSource<ForegroundEnd> sick, CancellationToken end)
    {
        if (generation.Definition.Health is not { } rule)
            return;
        try
        {
            // One whose rules ignore that it does not answer is asked again.
            var isIgnored = true;
            while (isIgnored)
            {
                isIgnored = false;
                await new LivenessWatch(_time, generation, rule).RunAsync(words =>
                {
                    var failed = rules.OfSick(generation, words);
                    isIgnored = failed is null || !sick.TrySetResult(failed);
                }, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It ends for another reason.
        }
    }

    private async Task KeepAliveAsync(ServiceNotifier? notifier, CancellationToken end)
    {
        while (notifier is { Watchdog: { } watchdog } && !end.IsCancellationRequested)
        {
            notifier.KeepAlive();
            await Task.Delay(watchdog / 3, _time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
