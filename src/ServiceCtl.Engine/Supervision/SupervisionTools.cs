using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners.Registry;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What supervisors work with. Whoever made them disposes of them.</summary>
public sealed record SupervisionTools(
    RunnerRegistry Runners, ExitWatcher Watcher, ProcessScopes Scopes, LogCapture Capture, TimeProvider Time);
