namespace ServiceCtl.Engine.Releases.Building;

/// <summary>What a release is made of.</summary>
/// <param name="Name">What was asked for, or the branch that HEAD stands for.</param>
/// <param name="Commit">Null for a folder that is no checkout.</param>
/// <param name="Time">When it was committed, in seconds since 1970.</param>
internal sealed record SourceRevision(string Name, string? Commit, string? Time);
