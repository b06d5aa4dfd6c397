namespace ServiceCtl.Engine.Runners;

/// <summary>A server that is a Python package, as it is run here.</summary>
/// <param name="FileName">Interpreter or script.</param>
/// <param name="Leading">Arguments that come before the server's own.</param>
/// <param name="Version">Null when it is not known.</param>
internal sealed record PythonServer(string FileName, IReadOnlyList<string> Leading, Version? Version);
