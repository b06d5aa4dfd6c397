namespace ServiceCtl.Engine.Services;

/// <summary>A registered service.</summary>
/// <param name="Name">The name it goes by.</param>
/// <param name="ConfigPath">Absolute path of the file that defines it.</param>
/// <param name="IsWanted">Was the last order to run it, so that it has to run after a reboot as well?</param>
public sealed record CatalogEntry(string Name, string ConfigPath, bool IsWanted = false);
