using System.Globalization;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>
/// Runs the programs that rules for failures ask for: of each service one after the other, beside everything else. However a program
/// behaves, the service and its rules don't notice. What waits when an agent ends, the next one runs.
/// </summary>
public sealed class HookRunner : IAsyncDisposable
{
    /// <summary>Runs of one service that wait. More than that come from something that does not end by itself.</summary>
    private const int MostWaiting = 20;

    /// <summary>What waited for longer than that is of no use to anybody.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromHours(1);

    /// <summary>Far from those of schedules, which are counted from 1.</summary>
    private const int Slot = 100_000;

    private readonly Lock _gate = new();

    /// <summary>By service, the first is the one that runs.</summary>
    private readonly Dictionary<string, LinkedList<HookRun>> _queues = [];

    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly AgentPaths _paths;
    private readonly SchedulerTools _tools;
    private readonly Action<ServiceEvent> _publish;
    private readonly JobProgram _program;

    /// <param name="paths">Where the files of services are.</param>
    /// <param name="tools">What it works with.</param>
    /// <param name="publish">Hears of runs that failed.</param>
    public HookRunner(AgentPaths paths, SchedulerTools tools, Action<ServiceEvent> publish)
    {
        _paths = paths;
        _tools = tools;
        _publish = publish;
        _program = new JobProgram(paths, tools);
    }

    /// <summary>Is it a program of a rule that carries this marker?</summary>
    internal static bool IsRun(ScopeMarker marker) => marker.Instance == Slot;

    /// <summary>
    /// Takes on what an agent before this one has left: what had begun was ended with it and is not run again, as nobody knows how far it
    /// got; what waited is run.
    /// </summary>
    /// <param name="service">Its name.</param>
    /// <param name="definition">How its programs run; null: nobody knows.</param>
    /// <param name="wasFound">Was one found running?</param>
    internal void Resume(string service, ServiceDefinition? definition, bool wasFound)
    {
        var left = HookQueueFile.Read(_paths.ServiceHookQueue(service));
        if (wasFound || left.Any(hook => hook.HasBegun))
        {
            var name = left.FirstOrDefault(hook => hook.HasBegun) is { } begun ? Name(service, begun.Command, begun.Failure)
                : $"A program that a rule for failures of {service} runs";
            Warn(service, $"{name} was interrupted: the agent ended while it ran. It is not run again.");
        }

        var now = _tools.Time.GetLocalNow();
        foreach (var hook in left.Where(hook => !hook.HasBegun))
        {
            if (definition is null || (now - hook.Failure.Time).Duration() > Oldest)
                Warn(service, $"{Name(service, hook.Command, hook.Failure)} was not run: it waited when the agent ended, "
                    + (definition is null ? "and the service's configuration can't be read." : "more than an hour ago."));
            else
                Run(definition, new FailureHook { Command = hook.Command, Timeout = hook.Timeout }, hook.Failure);
        }

        lock (_gate)
        {
            if (left.Count > 0 && !_queues.ContainsKey(service))
                HookQueueFile.TryWrite(_paths.ServiceHookQueue(service), []);
        }
    }

    /// <summary>Has a program run when those before it have ended; returns at once.</summary>
    public void Run(ServiceDefinition definition, FailureHook hook, PyServiceFailure failure)
    {
        var run = new HookRun(definition, hook, failure);
        lock (_gate)
        {
            if (_ending.IsCancellationRequested)
                return;
            var isFirst = !_queues.TryGetValue(definition.Name, out var queue);
            queue ??= _queues[definition.Name] = [];
            if (queue.Count <= MostWaiting)
            {
                queue.AddLast(run);
                Save(definition.Name, queue);
                if (isFirst)
                    Begin(definition.Name, queue);
                return;
            }
        }

        Warn(definition, $"{Name(run)} was not run: {MostWaiting} runs are already queued.");
    }

    /// <summary>Completes when none runs or waits of those that were asked for so far; each has an end by its timeout.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
            return Task.WhenAll(_running);
    }

    /// <summary>What runs is ended, and what waits is left to the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            _ending.Cancel();
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _ending.Dispose();
    }

    private void Forget(Task task)
    {
        lock (_gate)
            _running.Remove(task);
    }

    private void Begin(string service, LinkedList<HookRun> queue)
    {
        var task = Task.Run(() => RunAllAsync(service, queue));
        _running.Add(task);
        _ = task.ContinueWith(Forget, TaskScheduler.Default);
    }

    private async Task RunAllAsync(string service, LinkedList<HookRun> queue)
    {
        while (true)
        {
            HookRun run;
            lock (_gate)
            {
                if (_ending.IsCancellationRequested || queue.First is not { Value: var first })
                {
                    _queues.Remove(service);
                    return;
                }

                run = queue.First.Value = first with { HasBegun = true };
                Save(service, queue);
            }

            var problem = await TryAsync(run);
            lock (_gate)
            {
                // One that was cut off stays, for the next agent to tell.
                if (!_ending.IsCancellationRequested)
                {
                    queue.RemoveFirst();
                    Save(service, queue);
                }
            }

            if (problem is not null)
                Warn(run.Definition, problem);
        }
    }

    private void Save(string service, LinkedList<HookRun> queue) => HookQueueFile.TryWrite(_paths.ServiceHookQueue(service),
        [.. queue.Select(run => new QueuedHook
        {
            Command = run.Hook.Command,
            Timeout = run.Hook.Timeout,
            Failure = run.Failure,
            HasBegun = run.HasBegun,
        })]);

    /// <returns>What went wrong; null for nothing.</returns>
    private async Task<string?> TryAsync(HookRun run)
    {
        try
        {
            var result = await _program.RunAsync(run.Definition, OrderOf(run), _ending.Token);
            return result.Outcome switch
            {
                ScheduleOutcome.Succeeded or ScheduleOutcome.Ended => null,
                ScheduleOutcome.TimedOut => string.Create(CultureInfo.InvariantCulture,
                    $"{Name(run)} did not finish within {run.Hook.Timeout.TotalSeconds:0.###} s and was ended."),
                _ => $"{Name(run)} failed: {result.Message}.",
            };
        }
        catch (OperationCanceledException)
        {
            return null;
        }
#pragma warning disable CA1031 // Nobody awaits this: whatever it was has to be told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return $"{Name(run)} could not be run: {error.Message}";
        }
    }

    private ProgramOrder OrderOf(HookRun run)
    {
        var failure = run.Failure;
        var variables = new Dictionary<string, string?>
        {
            ["EVENT"] = failure.Event switch
            {
                PyServiceFailureEvent.GivenUp => "given_up",
                PyServiceFailureEvent.Recovered => "recovered",
                _ => "failed",
            },
            ["CAUSE"] = failure.Cause,
            ["RULE"] = failure.Rule,
            ["ACTION"] = failure.Action,
            ["CODE"] = failure.Code,
            ["TEXT"] = failure.Text,
            ["EXIT"] = failure.ExitCode?.ToString(CultureInfo.InvariantCulture),
            ["SIGNAL"] = failure.Signal,
            ["ATTEMPT"] = failure.Attempt.ToString(CultureInfo.InvariantCulture),
        };
        return new ProgramOrder
        {
            Command = run.Hook.Command,
            Setting = "service.on_failure",
            Timeout = run.Hook.Timeout,
            Slot = Slot,
            Pipe = "hook",
            Log = _paths.ServiceHooks(run.Definition.Name),
            Variables = variables.Where(pair => pair.Value is not null).ToDictionary(pair => $"SERVICECTL_{pair.Key}", pair => pair.Value!),
            Input = JsonSerializer.SerializeToUtf8Bytes(failure, HookJson.Default.PyServiceFailure),
        };
    }

    private static string Name(HookRun run) => Name(run.Definition.Name, run.Hook.Command, run.Failure);

    private static string Name(string service, IReadOnlyList<string> command, PyServiceFailure failure) =>
        $"`{command[0]}` (rule {failure.Rule} of {service})";

    private void Warn(ServiceDefinition definition, string message) => Warn(definition.Name, definition.Mask.MaskText(message));

    private void Warn(string service, string message) => _publish(new ServiceEvent
    {
        Time = _tools.Time.GetLocalNow(),
        Service = service,
        Kind = ServiceEventKind.Warning,
        Message = message,
    });

    private sealed record HookRun(ServiceDefinition Definition, FailureHook Hook, PyServiceFailure Failure, bool HasBegun = false);
}
