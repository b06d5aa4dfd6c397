using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>What a program that was run to its end said.</summary>
internal sealed record ProgramRun(ProcessExit Exit, string[] Lines)
{
    /// <summary>
    /// Runs a program that serves nothing, with the user and in the folder of a service, and ends everybody of its group afterwards.
    /// </summary>
    /// <param name="fileName">Absolute path of the program.</param>
    /// <param name="arguments">What it gets.</param>
    /// <param name="environment">All of it.</param>
    /// <param name="service">Whose.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="watcher">Notices its end.</param>
    /// <param name="time">Measures the limit.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="folder">A folder that it has to see beside the service's own, wherever that is.</param>
    /// <exception cref="TimeoutException">It did not end within the limit, and was killed.</exception>
    /// <exception cref="ServiceCtlException">It can't be run as that user.</exception>
    public static Task<ProgramRun> RunAsync(
        string fileName, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, ServiceDefinition service,
        TimeSpan limit, ExitWatcher watcher, TimeProvider time, CancellationToken cancellation, string? folder = null) =>
        RunAsync(
            Launcher.AsUser(
                new ProcessSpec
                {
                    FileName = fileName,
                    Arguments = arguments,
                    Environment = environment,
                    WorkingDirectory = service.Folder
                },
                service.Name, service.User, ServiceSandbox.Of(service, runFolder: folder)),
            limit, watcher, time, cancellation);

    /// <summary>Runs a program that serves nothing, and ends everybody of its group afterwards.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit, and was killed.</exception>
    public static async Task<ProgramRun> RunAsync(
        ProcessSpec program, TimeSpan limit, ExitWatcher watcher, TimeProvider time, CancellationToken cancellation)
    {
        // Into a file: a pipe would have to be read, and whoever the program leaves behind would keep it open.
        var outputFile = Path.GetTempFileName();
        try
        {
            using var output = File.OpenHandle(outputFile, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            using var process = Spawner.Spawn(program with { StandardOutput = output, StandardError = output }, watcher);
            try
            {
                var exit = await process.Exited.WaitAsync(limit, time, cancellation);
                return new ProgramRun(exit, await File.ReadAllLinesAsync(outputFile, cancellation));
            }
            finally
            {
                process.SignalGroup(Signals.Kill);
            }
        }
        finally
        {
            File.Delete(outputFile);
        }
    }
}
