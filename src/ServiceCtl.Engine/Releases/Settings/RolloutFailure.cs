namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>What becomes of the hosts that have switched when a deploy is given up; the words of <c>rollout.on_failure</c>.</summary>
internal enum RolloutFailure
{
    Restore,
    Stop,
}
