using System.Globalization;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>
/// Runs the programs that rules for failures ask for: of each service one after the other, beside everything else. However a program
/// behaves, the service and its rules don't notice.
/// </summary>
public sealed class HookRunner : IAsyncDisposable
{
    /// <summary>Runs of one service that wait. More than that come from something that does not end by itself.</summary>
    private const int MostWaiting = 20;

    /// <summary>Far from those of schedules, which are counted from 1.</summary>
    private const int Slot = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<HookRun>> _waiting = [];
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

    /// <summary>An agent before this one has left a program behind, which was ended. It has begun, so it is not run again.</summary>
    internal void ReportInterrupted(string service) => _publish(new ServiceEvent
    {
        Time = _tools.Time.GetLocalNow(),
        Service = service,
        Kind = ServiceEventKind.Warning,
        Message = $"A program that a rule for failures of {service} runs was interrupted: the agent ended while it ran. "
            + "Neither it nor those that waited for it are run again.",
    });

    /// <summary>Has a program run when those before it have ended; returns at once.</summary>
    public void Run(ServiceDefinition definition, FailureHook hook, PyServiceFailure failure)
    {
        var run = new HookRun(definition, hook, failure);
        lock (_gate)
        {
            if (_ending.IsCancellationRequested)
                return;
            if (!_waiting.TryGetValue(definition.Name, out var waiting))
            {
                _waiting[definition.Name] = waiting = new Queue<HookRun>();
                waiting.Enqueue(run);
                var task = Task.Run(() => RunAllAsync(definition.Name, waiting));
                _running.Add(task);
                _ = task.ContinueWith(Forget, TaskScheduler.Default);
                return;
            }

            if (waiting.Count < MostWaiting)
            {
                waiting.Enqueue(run);
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

    /// <summary>What runs is ended, and what waits is not run.</summary>
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

    private async Task RunAllAsync(string service, Queue<HookRun> waiting)
    {
        while (true)
        {
            HookRun run;
            lock (_gate)
            {
                if (_ending.IsCancellationRequested || !waiting.TryDequeue(out run!))
                {
                    _waiting.Remove(service);
                    return;
                }
            }

            if (await TryAsync(run) is { } problem)
                Warn(run.Definition, problem);
        }
    }

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

    private static string Name(HookRun run) => $"`{run.Hook.Command[0]}` (rule {run.Failure.Rule} of {run.Definition.Name})";

    private void Warn(ServiceDefinition definition, string message) => _publish(new ServiceEvent
    {
        Time = _tools.Time.GetLocalNow(),
        Service = definition.Name,
        Kind = ServiceEventKind.Warning,
        Message = definition.Mask.MaskText(message),
    });

    private sealed record HookRun(ServiceDefinition Definition, FailureHook Hook, PyServiceFailure Failure);
}
