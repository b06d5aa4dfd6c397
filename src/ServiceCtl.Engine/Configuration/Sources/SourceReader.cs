namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>With whose rights files are opened.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Open">Opens a path with them.</param>
public sealed record SourceReader(string Name, Func<string, Func<FileStream>, FileStream> Open);
