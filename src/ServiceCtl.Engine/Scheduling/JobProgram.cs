using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>
/// Runs a program of a schedule, or of a rule for failures, as the service would: its user, folder, environment, limits and sandbox, in a
/// scope that ends everything it has started. Its output goes into a log of its own, rotated as the service's.
/// </summary>
internal sealed class JobProgram
{
    /// <summary>Tells a program by which item it was started.</summary>
    private const string NameVariable = "SERVICECTL_SCHEDULE";

    /// <summary>Generations count from 1, so that nobody takes a run for one; tests are the first instance.</summary>
    private const int Generation = 0;

    private const int LastLines = 20;
    private const int LongestLine = 1000;
    private const int LongestInput = 60 * 1024;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly AgentPaths _paths;
    private readonly SchedulerTools _tools;

    public JobProgram(AgentPaths paths, SchedulerTools tools)
    {
        _paths = paths;
        _tools = tools;
    }

    /// <param name="definition">The service's.</param>
    /// <param name="rule">What to run.</param>
    /// <param name="slot">No other run of this service has it; from 1.</param>
    /// <param name="end">Ends it before its time.</param>
    /// <exception cref="ServiceCtlException">It can't be started.</exception>
    public Task<JobResult> RunAsync(ServiceDefinition definition, ScheduleRule rule, int slot, CancellationToken end) => RunAsync(
        definition,
        new ProgramOrder
        {
            Command = rule.Run,
            Setting = "service.schedule",
            Timeout = rule.Timeout,
            Slot = slot,
            Pipe = string.Create(CultureInfo.InvariantCulture, $"schedule-{slot}"),
            Log = _paths.ServiceSchedule(definition.Name, rule.Name),
            Variables = new Dictionary<string, string> { [NameVariable] = rule.Name },
        },
        end);

    /// <inheritdoc cref="RunAsync(ServiceDefinition, ScheduleRule, int, CancellationToken)"/>
    public async Task<JobResult> RunAsync(ServiceDefinition definition, ProgramOrder order, CancellationToken end)
    {
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        var environment = new Dictionary<string, string>(ServiceEnvironment.OfPython(definition));
        foreach (var (name, value) in order.Variables)
            environment[name] = value;
        var program = ServiceEnvironment.RequireProgram(definition, environment, order.Command[0], order.Setting);
        var file = order.Log;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        _paths.EnsureServiceRun(definition.Name);
        var pipe = Path.Combine(_paths.ServiceRun(definition.Name), order.Pipe);
        using var log = _tools.Capture.Attach(definition.Name, pipe, file, LogSettings.Of(definition.Logs));
        var tail = LogTail.Mark([(file, null)]);
        using var scope = _tools.Scopes.Create(new ScopeSpec
        {
            Service = definition.Name,
            Generation = Generation,
            Instance = order.Slot,
            Limits = definition.Limits,
            Sandbox = ServiceSandbox.Of(definition),
            User = definition.User,
            FileMask = definition.FileMask,
        });
        await using var input = order.Input is null ? null : new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var process = Spawn(definition, order, program, environment, scope, log, input?.ClientSafePipeHandle);
        input?.DisposeLocalCopyOfClientHandle();
        if (input is not null)
            _ = Task.Run(() => WriteAsync(input, order.Input!), CancellationToken.None);
        var reason = await WaitAsync(process, scope, order.Timeout, end);
        var exit = await process.Exited;
        log.Drain();
        var report = new ExitReport
        {
            Pid = process.Pid,
            Code = exit.Code,
            Signal = exit.Signal,
            SignalName = exit.Signal is { } signal ? Signals.NameOf(signal) : null,
            At = _tools.Time.GetLocalNow(),
            LastLines = [.. tail.Read(LastLines).Select(line => definition.Mask.MaskText(line)).Select(Shorten)],
        };
        return new JobResult(
            reason ?? (exit.Code == 0 ? ScheduleOutcome.Succeeded : ScheduleOutcome.Failed), report.ToString(), report);
    }

    private static string Shorten(string line) => line.Length <= LongestLine ? line : $"{line.AsSpan(0, LongestLine)} [...]";

    private ChildProcess Spawn(
        ServiceDefinition definition, ProgramOrder order, string program, Dictionary<string, string> environment, ProcessScope scope,
        CapturedLog log, SafeHandle? input)
    {
        using var output = log.OpenForService();
        var process = Spawner.Spawn(
            scope.Wrap(new ProcessSpec
            {
                FileName = program,
                Arguments = [.. order.Command.Skip(1)],
                Environment = environment,
                WorkingDirectory = definition.Folder,
                StandardInput = input,
                StandardOutput = output,
                StandardError = output,
            }),
            _tools.Watcher);
        scope.Enter(process);
        return process;
    }

    /// <summary>Beside everything else: a pipe may hold less than there is, and the program may read it late or never.</summary>
    private static async Task WriteAsync(AnonymousPipeServerStream input, byte[] bytes)
    {
        try
        {
            await input.WriteAsync(bytes.AsMemory(0, Math.Min(bytes.Length, LongestInput)));
            await input.DisposeAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It has ended, and nobody reads it.
        }
    }

    /// <summary>Returns when nothing of it is left.</summary>
    /// <returns>Why it was ended; null where it ended by itself.</returns>
    private async Task<ScheduleOutcome?> WaitAsync(ChildProcess process, ProcessScope scope, TimeSpan? timeout, CancellationToken end)
    {
        ScheduleOutcome? reason = null;
        try
        {
            await process.Exited.WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, _tools.Time, end);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            reason = error is TimeoutException ? ScheduleOutcome.TimedOut : ScheduleOutcome.Ended;
            process.SignalGroup(Signals.Terminate);
            await Task.WhenAny(process.Exited, Task.Delay(Grace, CancellationToken.None));
        }

        // Nobody awaits what a run leaves in the background, and the next one would meet it.
        await scope.EndAsync(Grace, CancellationToken.None);
        return reason;
    }
}
