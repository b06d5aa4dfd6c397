using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>One launch of a service: its process, its definition at that time, its own files, and where its words go.</summary>
internal sealed class Generation : IDisposable
{
    private const int LastLines = 20;

    /// <summary>Characters. Reports are kept, sent and shown; the whole line is in the log.</summary>
    private const int LongestLine = 2000;

    public required int Number { get; init; }

    public required ServiceDefinition Definition { get; init; }

    public required ILaunch Launch { get; init; }

    public required ChildProcess Process { get; init; }

    /// <summary>Everything it runs, wherever that went.</summary>
    public required ProcessScope Scope { get; init; }

    /// <summary>Takes its output.</summary>
    public required CapturedLog Output { get; init; }

    /// <summary>Shows the launch what is printed, until it is ready.</summary>
    public IDisposable? Observation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Files of this launch alone; removed with it.</summary>
    public required string RunFolder { get; init; }

    /// <summary>The socket that the agent opened and passed to it; null when it binds its address itself, or when the socket could not be had back.</summary>
    public HeldSocket? Socket { get; set; }

    /// <summary>Was a socket passed to it?</summary>
    public required bool HasSocket { get; init; }

    /// <summary>Where the service listens; null for one that doesn't.</summary>
    public required ListenAddress? Listen { get; init; }

    /// <summary>Marks where the logs stood at the launch.</summary>
    public required LogTail Log { get; init; }

    /// <summary>The last lines since its launch, all that was printed so far among them, secrets masked.</summary>
    public IReadOnlyList<string> ReadLastLines(int count)
    {
        Output.Drain();
        return [.. Log.Read(count, Launch.IsNoise).Select(Definition.Mask.MaskText).Select(Shorten)];

        static string Shorten(string line) => line.Length <= LongestLine ? line : $"{line.AsSpan(0, LongestLine)} [... {line.Length - LongestLine} more characters]";
    }

    public ExitReport Report(ProcessExit exit, DateTimeOffset at, bool expected) => new()
    {
        Pid = Process.Pid,
        Code = exit.Code,
        Signal = exit.Signal,
        SignalName = exit.Signal is { } signal ? Signals.NameOf(signal) : null,
        At = at,
        Expected = expected,
        LastLines = ReadLastLines(LastLines),
    };

    /// <summary>Keeps on disk what the next agent would need.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save() => new GenerationRecord
    {
        Number = Number,
        Process = Process.Identity,
        StartedAt = StartedAt,
        HasSocket = HasSocket,
        Definition = Definition,
    }.Write(RunFolder);

    /// <summary>Keeps on disk whether it serves. It runs already, and goes on without it.</summary>
    /// <returns>Why that could not be kept; null when it was.</returns>
    public string? TryMark(bool isServing)
    {
        try
        {
            GenerationRecord.Mark(RunFolder, isServing);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"What another agent would need to take {Definition.Name} on can't be written to {RunFolder}: {error.Message}";
        }
    }

    /// <summary>Makes the configured names (the pid file, the stats socket, …) point at the files of this generation, each in one step.</summary>
    /// <returns>One sentence for each name that could not be made.</returns>
    public IReadOnlyList<string> Publish()
    {
        var failures = new List<string>();
        foreach (var (name, file) in Launch.PublishedFiles)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(name)!);
                var next = name + ".next";
                File.Delete(next);
                File.CreateSymbolicLink(next, file);
                File.Move(next, name, overwrite: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{name} can't be made to point at {file}: {error.Message}");
            }
        }

        return failures;
    }

    public void Dispose()
    {
        Process.Dispose();
        Scope.Dispose();
        Launch.Dispose();
    }

    /// <summary>Takes away what only this generation used: its folder, and the names that still point into it.</summary>
    public void RemoveFiles()
    {
        foreach (var (name, file) in Launch.PublishedFiles)
        {
            if (new FileInfo(name).LinkTarget == file)
                File.Delete(name);
        }

        if (Directory.Exists(RunFolder))
            Directory.Delete(RunFolder, recursive: true);
    }
}
