namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>A step of the project's own, or of a file that projects share.</summary>
/// <param name="Name">By which it can be run alone.</param>
/// <param name="Run">Its commands.</param>
/// <param name="Before">The step it comes before; null where it comes after one, or is only run alone.</param>
/// <param name="After">The step it comes after.</param>
internal sealed record OwnStep(string Name, IReadOnlyList<string> Run, DeployPhase? Before, DeployPhase? After);
