namespace ServiceCtl.Engine.Services;

/// <summary>A registered service: the name it goes by and the absolute path of the file that defines it.</summary>
public sealed record CatalogEntry(string Name, string ConfigPath);
