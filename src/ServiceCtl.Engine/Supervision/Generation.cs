using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>One launch of a service: its process, its definition at that time, and where its words go.</summary>
internal sealed class Generation : IDisposable
{
    private const int LastLines = 20;

    public required int Number { get; init; }

    public required ServiceDefinition Definition { get; init; }

    public required ILaunch Launch { get; init; }

    public required ChildProcess Process { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where the service listens; null for one that doesn't.</summary>
    public required ListenAddress? Listen { get; init; }

    /// <summary>Marks where the logs stood at the launch.</summary>
    public required LogTail Log { get; init; }

    public IReadOnlyList<string> ReadLastLines() => Log.Read(LastLines);

    public ExitReport Report(ProcessExit exit, DateTimeOffset at, bool expected) => new()
    {
        Pid = Process.Pid,
        Code = exit.Code,
        Signal = exit.Signal,
        At = at,
        Expected = expected,
        LastLines = ReadLastLines(),
    };

    public void Dispose()
    {
        Process.Dispose();
        Launch.Dispose();
    }
}
