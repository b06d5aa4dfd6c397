using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// One process of a generation, with everything it has started, its own files, and how to talk to it. Most generations have one.
/// </summary>
internal sealed class Instance : IDisposable
{
    private const int LastLines = 20;

    /// <summary>Characters. Reports are kept, sent and shown; the whole line is in the log.</summary>
    private const int LongestLine = 2000;

    /// <summary>From 0; what the process finds as SERVICECTL_INSTANCE.</summary>
    public required int Index { get; init; }

    public required ILaunch Launch { get; init; }

    public required ChildProcess Process { get; init; }

    /// <summary>Everything it runs, wherever that went.</summary>
    public required ProcessScope Scope { get; init; }

    /// <summary>Takes its output.</summary>
    public required CapturedLog Output { get; init; }

    /// <summary>Marks where the logs stood at the launch.</summary>
    public required LogTail Log { get; init; }

    /// <summary>Shows the launch what is printed, until it is ready.</summary>
    public IDisposable? Observation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>When this agent launched it or took it on, by the monotonic clock.</summary>
    public required long Since { get; init; }

    /// <summary>Files of this launch alone; removed with it.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Whose these files are; null: the agent's.</summary>
    public required string? User { get; init; }

    public bool HasEnded => Process.Exited.IsCompleted;

    /// <summary>Hides the secrets of its definition.</summary>
    public required SecretMask Mask { get; init; }

    /// <summary>What its launch could not do as it was configured.</summary>
    public IEnumerable<string> Warnings => Launch.Warnings.Concat(Scope.Sandbox
        .Where(protection => protection.Note is not null)
        .Select(protection =>
            $"service.sandbox.{protection.Name} is {(protection.By is null ? "not in force" : "not all in force")}: {protection.Note}."));

    /// <summary>The last lines since its launch, all that was printed so far among them, secrets masked.</summary>
    public IReadOnlyList<string> ReadLastLines(int count)
    {
        Output.Drain();
        return [.. Log.Read(count, Launch.IsNoise).Select(Mask.MaskText).Select(Shorten)];

        static string Shorten(string line) =>
            line.Length <= LongestLine ? line : $"{line.AsSpan(0, LongestLine)} [... {line.Length - LongestLine} more characters]";
    }

    /// <summary>How it has ended.</summary>
    public async Task<ExitReport> ReportAsync(DateTimeOffset at, bool expected)
    {
        var exit = await Process.Exited;
        return new ExitReport
        {
            Pid = Process.Pid,
            Code = exit.Code,
            Signal = exit.Signal,
            SignalName = exit.Signal is { } signal ? Signals.NameOf(signal) : null,
            At = at,
            Expected = expected,
            OutOfMemory = exit is { Signal: Signals.Kill } or { Code: 128 + Signals.Kill } ? Scope.FindMemoryKill() : null,
            WentIntoBackground = !expected && exit.Code == 0 && await LeftAnybodyAsync(),
            // What it printed at an ordinary end explains nothing.
            LastLines = expected ? [] : ReadLastLines(LastLines),
        };
    }

    /// <summary>Does anybody live whom its process has started, although that has ended?</summary>
    public async Task<bool> LeftAnybodyAsync() =>
        (await Scope.FindSurvivorsAsync(Time, CancellationToken.None)).Count > 0;

    public string? TryRemoveFiles() => LaunchFolder.TryRemove(RunFolder, User);

    public void Dispose()
    {
        Observation?.Dispose();
        Process.Dispose();
        Scope.Dispose();
        Launch.Dispose();
    }
}
