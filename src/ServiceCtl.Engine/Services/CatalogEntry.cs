namespace ServiceCtl.Engine.Services;

/// <summary>A registered service.</summary>
/// <param name="Name">The name it goes by.</param>
/// <param name="ConfigPath">Absolute path of the file that defines it.</param>
/// <param name="IsWanted">Was the last order to run it, so that it has to run after a reboot as well?</param>
/// <param name="FinishedIn">The boot of this machine (its id) in which it ended as it may, and has not been started since; null: it has not.</param>
public sealed record CatalogEntry(string Name, string ConfigPath, bool IsWanted = false, string? FinishedIn = null);
