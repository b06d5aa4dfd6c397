using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Launches a generation and sees it become ready. One that does not leaves nothing behind.</summary>
internal sealed class GenerationStarter
{
    private const int LinesOfFailure = 40;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly SupervisionContext _context;

    public GenerationStarter(SupervisionContext context)
    {
        _context = context;
    }

    /// <param name="definition">What to launch.</param>
    /// <param name="number">The generation's.</param>
    /// <param name="addresses">Where it is going to listen.</param>
    /// <param name="sockets">The held sockets of these addresses; none when it is to bind them itself.</param>
    /// <param name="limit">How long it may take to become ready.</param>
    /// <param name="launched">Told when its processes are there.</param>
    /// <param name="cancellation">Gives up: what was launched is ended again.</param>
    /// <param name="isOrdered">Did somebody order it?</param>
    /// <param name="isCanary">Is it to serve beside another one for a while?</param>
    /// <exception cref="ServiceCtlException">Whatever was in the way; with the last log lines when the process had begun to
    /// talk.</exception>
    public async Task<Generation> StartAsync(
        ServiceDefinition definition, int number, IReadOnlyList<ServedAddress> addresses, IReadOnlyList<HeldSocket> sockets, TimeSpan limit,
        Action<Generation> launched, CancellationToken cancellation, bool isOrdered = true, bool isCanary = false)
    {
        LaunchPreflight.RequireUserAndFolders(definition);
        SocketPlans.RequireOurs(definition, RunnerRegistry.PlanSocket(definition));
        var generation = new Generation
        {
            Number = number,
            Definition = definition,
            RunFolder = Path.Combine(_context.RunFolderOf(definition.Name), number.ToString(CultureInfo.InvariantCulture)),
            Sockets = sockets,
            HasSockets = sockets.Count > 0,
            IsCanary = isCanary,
            Addresses = addresses,
            Places = LaunchPlaces.Of(definition),
            StartedAt = _context.Time.GetLocalNow(),
            Since = _context.Time.GetTimestamp(),
            Size = _context.RunnerOf(definition).CountProcesses(definition),
        };
        try
        {
            LaunchFolder.Make(generation.RunFolder, isOrdered);
            _context.OutputOf(generation).BeginGeneration(number);
            for (var index = 0; index < generation.Size; index++)
                await AddAsync(generation, index, isOrdered, cancellation);
            generation.Save();
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
    }

    /// <summary>Launches an instance of a generation that serves, in the place of one that has ended.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public async Task ReplaceAsync(Generation generation, int index, CancellationToken cancellation)
    {
        var instance = await AddAsync(generation, index, isOrdered: false, cancellation);
        try
        {
            generation.Save();
            await WaitUntilReadyAsync(generation, instance, generation.Definition.Ready.Timeout, cancellation);
        }
        catch
        {
            await _context.Ender.DiscardAsync(generation, instance, CancellationToken.None);
            generation.TrySave();
            throw;
        }
    }

    private async Task<Instance> AddAsync(Generation generation, int index, bool isOrdered, CancellationToken cancellation)
    {
        var instance = await LaunchAsync(generation, index, isOrdered, cancellation);
        generation.Add(instance);
        if (instance.Launch.PublishedFiles.Values.Contains(LaunchRequest.PidFileOf(instance.RunFolder)))
            LaunchFolder.WritePid(instance.RunFolder, instance.Process.Pid, instance.User);
        return instance;
    }

    private async Task<Instance> LaunchAsync(Generation generation, int index, bool isOrdered, CancellationToken cancellation)
    {
        var definition = generation.Definition;
        var runFolder = generation.RunFolderOf(index);
        ILaunch? launch = null;
        IDisposable? observation = null;
        try
        {
            if (runFolder != generation.RunFolder)
                LaunchFolder.Make(runFolder, isOrdered);
            launch = await _context.RunnerOf(definition).PrepareAsync(
                new LaunchRequest
                {
                    Definition = definition,
                    RunFolder = runFolder,
                    Home = _context.Home,
                    Instance = index,
                    IsCanary = generation.IsCanary,
                    Sockets = generation.Sockets.Count,
                    Connect = generation.MainSocket?.Reach,
                },
                cancellation);
            var handed = HandedFile.Write(generation, index, runFolder);
            if (definition.User is { } user)
                LaunchFolder.GiveTo(runFolder, _context.Home, user);
            var capture = _context.OutputOf(generation);
            var log = _context.MarkLogs(generation);
            // Before the spawn: a server that is quick says only once that it is ready.
            observation = capture.Subscribe(launch.Observe);
            var (process, scope) = Spawn(generation, index, launch, capture, handed);
            return new Instance
            {
                Index = index,
                Launch = launch,
                RunFolder = runFolder,
                User = definition.User,
                Log = log,
                Mask = definition.Mask,
                StartedAt = _context.Time.GetLocalNow(),
                Time = _context.Time,
                Since = _context.Time.GetTimestamp(),
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
            _ = LaunchFolder.TryRemove(runFolder, definition.User);
            throw;
        }
    }

    private (ChildProcess Process, ProcessScope Scope) Spawn(
        Generation generation, int index, ILaunch launch, CapturedLog capture, string? handed)
    {
        var definition = generation.Definition;
        var scope = _context.Scopes.Create(LaunchScope.Of(definition, generation.Number, index, _context, generation.RunFolderOf(index)));
        try
        {
            using var output = capture.OpenForService();
            var process = Spawner.Spawn(
                scope.Wrap(new ProcessSpec
                {
                    FileName = launch.FileName,
                    Arguments = launch.Arguments,
                    Environment = _context.LineBuffering.Add(
                        LaunchMarks.Add(launch.Environment, generation.IsCanary, handed), output,
                        isOnlyOutput: definition.Runner != "uwsgi"),
                    WorkingDirectory = definition.Folder,
                    StandardOutput = output,
                    StandardError = output,
                    PassedDescriptors = [.. generation.Sockets.Select(socket => socket.Socket.SafeHandle), .. launch.PassedDescriptors],
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
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(generation.Instances.Select(async instance =>
        {
            try
            {
                await WaitUntilReadyAsync(generation, instance, limit, together.Token);
            }
            catch
            {
                // The others are not waited for: this one's failure is what everybody sees.
                await together.CancelAsync();
                throw;
            }
        }));
    }

    private async Task WaitUntilReadyAsync(Generation generation, Instance instance, TimeSpan limit, CancellationToken cancellation)
    {
        var begin = _context.Time.GetTimestamp();
        var name = generation.NameOf(instance.Index);
        while (true)
        {
            var readiness = await CheckReadyAsync(instance, cancellation);
            // A program that may be without a page when its time is up may be without a listener, too.
            if (readiness.IsReady && !(generation.Definition.Ready.AtLatest <= _context.Time.GetElapsedTime(begin)))
                readiness = Reachability.Of(generation);
            if (instance.HasEnded && !(instance.Launch.MayFinish && (await instance.Process.Exited).Code == 0
                && !await instance.LeftAnybodyAsync()))
                throw await ExitedEarlyAsync(name, generation.Definition.Folder, instance);
            generation.Awaits = readiness.IsReady ? null : readiness.Words;
            if (readiness.IsReady || instance.HasEnded)
            {
                instance.Observation?.Dispose();
                return;
            }

            if (_context.Time.GetElapsedTime(begin) > limit)
                throw NotReady(name, instance, limit, readiness);

            await Task.WhenAny(instance.Process.Exited, Task.Delay(readiness.Again ?? PollInterval, _context.Time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// A held socket takes connections for a process that has ended, so that a question to it would only run into its limit.
    /// </summary>
    private static async Task<Readiness> CheckReadyAsync(Instance instance, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var check = instance.Launch.CheckReadyAsync(instance.Process.Identity, ended.Token);
        await Task.WhenAny(check, instance.Process.Exited);
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

    private async Task<ServiceCtlException> ExitedEarlyAsync(string name, string folder, Instance instance)
    {
        var report = await instance.ReportAsync(_context.Time.GetLocalNow(), expected: false);
        var lines = instance.ReadLastLines(LinesOfFailure);
        if (instance.Launch.FindError(lines) is { } error)
            return new ServiceCtlException(error, new EarlyEnd(report));
        var cause = PythonFailure.Find(lines, folder) is { } failure ? $" {failure}" : "";
        return new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ExitedEarly,
            Target = instance.Scope.Spec.Service,
            Message = $"{name} ended before it was ready ({report}, pid {report.Pid}).{cause}",
            Advice = report.WentIntoBackground ? FailureWords.BackgroundRemedy
                : instance.Launch.Explain(lines) ?? "Its last words are in the log lines of this error.",
            LogLines = PythonFailure.TracebackFirst(lines),
        }, new EarlyEnd(report));
    }

    private static ServiceCtlException NotReady(string name, Instance instance, TimeSpan limit, Readiness readiness) => new(new ErrorReport
    {
        Code = ErrorCode.NotReady,
        Target = instance.Scope.Spec.Service,
        Message = $"{name} was not ready after {limit.TotalSeconds:0.#} s and was ended: {readiness.Words}.",
        Advice = "If it only needs longer, raise service.ready.timeout; if it answers elsewhere, or over https, set service.ready.http.",
        LogLines = instance.ReadLastLines(LinesOfFailure),
    });
}
