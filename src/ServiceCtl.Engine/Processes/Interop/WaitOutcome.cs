namespace ServiceCtl.Engine.Processes.Interop;

internal enum WaitOutcome
{
    Running,
    Ended,
    NotOurChild,
}
