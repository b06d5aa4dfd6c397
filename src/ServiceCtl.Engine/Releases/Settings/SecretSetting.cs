namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>Where a secret comes from: one of the three.</summary>
/// <param name="Name">What templates and hooks call it.</param>
/// <param name="Command">A program that prints it.</param>
/// <param name="File">A file that holds it.</param>
/// <param name="Variable">A variable of whoever deploys.</param>
internal sealed record SecretSetting(string Name, IReadOnlyList<string> Command, string? File, string? Variable);
