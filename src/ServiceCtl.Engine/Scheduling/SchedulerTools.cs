using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>What runs work with.</summary>
/// <param name="Scopes">Hold the programs.</param>
/// <param name="Watcher">Notices their ends.</param>
/// <param name="Capture">Takes their output.</param>
/// <param name="Time">The clock.</param>
public sealed record SchedulerTools(ProcessScopes Scopes, ExitWatcher Watcher, LogCapture Capture, TimeProvider Time);
