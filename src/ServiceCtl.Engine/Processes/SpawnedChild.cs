namespace ServiceCtl.Engine.Processes;

/// <summary>A child, between its start and its first owner.</summary>
/// <param name="Pid">Its number, which nobody else gets as long as it was not reaped.</param>
/// <param name="Before"><see cref="StartClock"/> before it was started.</param>
/// <param name="After">The same, after.</param>
internal readonly record struct SpawnedChild(int Pid, long Before, long After)
{
    internal ProcessIdentity Identify() => new(Pid, StartClock.StartOf(Pid, Before, After));
}
