using Microsoft.Win32.SafeHandles;
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

    /// <exception cref="ServiceCtlException">Whatever was in the way; with the last log lines when the process had begun to talk.</exception>
    public async Task<Generation> StartAsync(
        ServiceDefinition definition, int number, TimeSpan limit, Action<Generation> launched, Action<string> step, CancellationToken cancellation)
    {
        var runner = _context.RunnerOf(definition);
        var listen = runner.ListenAddressOf(definition);
        step("Checking the host");
        CreateFolders(definition);
        OutsideInstance.RequireNone(definition, listen);
        RequireFreeAddress(definition, listen);

        var runFolder = _context.RunFolderOf(definition.Name);
        var launch = await runner.PrepareAsync(definition, runFolder, cancellation);
        Generation generation;
        try
        {
            generation = Launch(definition, number, listen, launch);
        }
        catch
        {
            launch.Dispose();
            throw;
        }

        launched(generation);
        step("Waiting until it is ready");
        try
        {
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

    private static void RequireFreeAddress(ServiceDefinition definition, ListenAddress? listen)
    {
        if (AddressHolder.Find(listen) is { } holder)
        {
            throw new ServiceCtlException(
                ErrorCode.AddressInUse, definition.Name, $"{definition.Name} can't listen on {listen}: it is held by {holder}.",
                $"End that program yourself if it should not be there, or choose another address in {definition.ConfigPath}.");
        }
    }

    private Generation Launch(ServiceDefinition definition, int number, ListenAddress? listen, ILaunch launch)
    {
        var outputFile = _context.OutputFileOf(definition.Name);
        var log = LogTail.Mark([outputFile, .. launch.LogFiles]);
        using var output = OpenOutput(outputFile);
        var process = Spawner.Spawn(
            new ProcessSpec
            {
                FileName = launch.FileName,
                Arguments = launch.Arguments,
                Environment = launch.Environment,
                WorkingDirectory = definition.Folder,
                StandardOutput = output,
                StandardError = output,
            },
            _context.Watcher);
        return new Generation
        {
            Number = number,
            Definition = definition,
            Launch = launch,
            Process = process,
            StartedAt = _context.Time.GetLocalNow(),
            Listen = listen,
            Log = log,
        };
    }

    private static SafeFileHandle OpenOutput(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return File.OpenHandle(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
    }

    private async Task WaitUntilReadyAsync(Generation generation, TimeSpan limit, CancellationToken cancellation)
    {
        var begin = _context.Time.GetTimestamp();
        while (true)
        {
            var readiness = await generation.Launch.CheckReadyAsync(generation.Process.Identity, cancellation);
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

    private async Task<ServiceCtlException> ExitedEarlyAsync(Generation generation)
    {
        var report = generation.Report(await generation.Process.Exited, _context.Time.GetLocalNow(), expected: false);
        var lines = generation.Log.Read(LinesOfFailure);
        return new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ExitedEarly,
            Target = generation.Definition.Name,
            Message = $"{generation.Definition.Name} ended before it was ready ({report}, pid {report.Pid}).",
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
        LogLines = generation.Log.Read(LinesOfFailure),
    });
}
