using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Launches a generation and sees it become ready. One that does not leaves nothing behind.</summary>
internal sealed class GenerationStarter
{
    private const int LinesOfFailure = 40;

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(25);

    private readonly SupervisionContext _context;

    public GenerationStarter(SupervisionContext context)
    {
        _context = context;
    }

    /// <param name="definition">What to launch.</param>
    /// <param name="number">The generation's.</param>
    /// <param name="plan">Where it is going to listen.</param>
    /// <param name="socket">The held socket, where the plan says so.</param>
    /// <param name="limit">How long it may take to become ready.</param>
    /// <param name="launched">Told when its process is there.</param>
    /// <param name="cancellation">Gives up: what was launched is ended again.</param>
    /// <exception cref="ServiceCtlException">Whatever was in the way; with the last log lines when the process had begun to talk.</exception>
    public async Task<Generation> StartAsync(
        ServiceDefinition definition, int number, SocketPlan plan, HeldSocket? socket, TimeSpan limit, Action<Generation> launched, CancellationToken cancellation)
    {
        CreateFolders(definition);
        var generation = await LaunchAsync(definition, number, plan, socket, cancellation);
        try
        {
            generation.Save();
            File.WriteAllText(LaunchRequest.PidFileOf(generation.RunFolder), generation.Process.Pid.ToString(CultureInfo.InvariantCulture) + "\n");
            launched(generation);
            await WaitUntilReadyAsync(generation, limit, cancellation);
            return generation;
        }
        catch
        {
            // Not the caller's token: what was started has to be ended even when the caller has gone.
            await _context.Ender.DiscardAsync(generation, CancellationToken.None);
            throw;
        }
        finally
        {
            generation.Observation?.Dispose();
        }
    }

    private async Task<Generation> LaunchAsync(
        ServiceDefinition definition, int number, SocketPlan plan, HeldSocket? socket, CancellationToken cancellation)
    {
        var runFolder = Path.Combine(_context.RunFolderOf(definition.Name), number.ToString(CultureInfo.InvariantCulture));
        ILaunch? launch = null;
        IDisposable? observation = null;
        try
        {
            Directory.CreateDirectory(runFolder);
            launch = await _context.RunnerOf(definition).PrepareAsync(
                new LaunchRequest { Definition = definition, RunFolder = runFolder, HasSocket = socket is not null, Connect = socket?.Reach }, cancellation);
            var capture = _context.Logs.Of(definition);
            capture.BeginGeneration(number);
            var log = _context.MarkLogs(definition);
            // Before the spawn: a server that is quick says only once that it is ready.
            observation = capture.Subscribe(launch.Observe);
            var (process, scope) = Spawn(definition, number, launch, socket, capture);
            return new Generation
            {
                Number = number,
                Definition = definition,
                Launch = launch,
                RunFolder = runFolder,
                Socket = socket,
                HasSocket = socket is not null,
                Listen = plan.Address,
                Log = log,
                StartedAt = _context.Time.GetLocalNow(),
                Process = process,
                Scope = scope,
                Output = capture,
                Observation = observation,
            };
        }
        catch
        {
            observation?.Dispose();
            launch?.Dispose();
            Directory.Delete(runFolder, recursive: true);
            throw;
        }
    }

    public static ScopeSpec ScopeOf(ServiceDefinition definition, int number) =>
        new() { Service = definition.Name, Generation = number, Limits = definition.Limits, User = definition.User };

    private static void CreateFolders(ServiceDefinition definition)
    {
        foreach (var folder in definition.DirectoriesToCreate)
        {
            try
            {
                Directory.CreateDirectory(folder);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ServiceCtlException(
                    ErrorCode.System, folder, $"The folder {folder} of directories_to_create can't be made: {error.Message}",
                    $"Correct it in {definition.ConfigPath}, or the permissions above it.", error);
            }
        }
    }

    private (ChildProcess Process, ProcessScope Scope) Spawn(
        ServiceDefinition definition, int number, ILaunch launch, HeldSocket? socket, CapturedLog capture)
    {
        var scope = _context.Scopes.Create(ScopeOf(definition, number));
        try
        {
            using var output = capture.OpenForService();
            var process = Spawner.Spawn(
                scope.Wrap(new ProcessSpec
                {
                    FileName = launch.FileName,
                    Arguments = launch.Arguments,
                    Environment = launch.Environment,
                    WorkingDirectory = definition.Folder,
                    StandardOutput = output,
                    StandardError = output,
                    PassedDescriptors = socket is null ? launch.PassedDescriptors : [socket.Socket.SafeHandle, .. launch.PassedDescriptors],
                }),
                _context.Watcher);
            scope.Enter(process);
            return (process, scope);
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync(Generation generation, TimeSpan limit, CancellationToken cancellation)
    {
        var begin = _context.Time.GetTimestamp();
        while (true)
        {
            var readiness = await CheckReadyAsync(generation, cancellation);
            if (generation.Process.Exited.IsCompleted)
                throw await ExitedEarlyAsync(generation);
            if (readiness.IsReady)
                return;
            if (_context.Time.GetElapsedTime(begin) > limit)
                throw NotReady(generation, limit, readiness);

            await Task.WhenAny(generation.Process.Exited, Task.Delay(AskEvery, _context.Time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A held socket takes connections for a process that has ended, so that a question to it would only run into its limit.</summary>
    private static async Task<Readiness> CheckReadyAsync(Generation generation, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var check = generation.Launch.CheckReadyAsync(generation.Process.Identity, ended.Token);
        await Task.WhenAny(check, generation.Process.Exited);
        if (!check.IsCompleted)
            await ended.CancelAsync();
        try
        {
            return await check;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Readiness.NotYet("it has ended");
        }
    }

    private async Task<ServiceCtlException> ExitedEarlyAsync(Generation generation)
    {
        var report = generation.Report(await generation.Process.Exited, _context.Time.GetLocalNow(), expected: false);
        var lines = generation.ReadLastLines(LinesOfFailure);
        var cause = PythonFailure.Find(lines, generation.Definition.Folder) is { } failure ? $" {failure}" : "";
        return new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ExitedEarly,
            Target = generation.Definition.Name,
            Message = $"{generation.Definition.Name} ended before it was ready ({report}, pid {report.Pid}).{cause}",
            Advice = generation.Launch.Explain(lines) ?? "Its last words are in the log lines of this error.",
            LogLines = lines,
        });
    }

    private static ServiceCtlException NotReady(Generation generation, TimeSpan limit, Readiness readiness) => new(new ErrorReport
    {
        Code = ErrorCode.NotReady,
        Target = generation.Definition.Name,
        Message = $"{generation.Definition.Name} was not ready after {limit.TotalSeconds:0.#} s and was ended: {readiness.Words}.",
        Advice = "If it only needs longer, raise service.ready.timeout; if it answers elsewhere, set service.ready.http.",
        LogLines = generation.ReadLastLines(LinesOfFailure),
    });
}
