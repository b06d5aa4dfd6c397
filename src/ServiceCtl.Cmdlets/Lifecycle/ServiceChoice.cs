using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>A name or pattern, and the host it is meant for.</summary>
/// <param name="Host">Null for this one.</param>
/// <param name="Name">The name or pattern.</param>
internal sealed record ServiceChoice(PyServiceHost? Host, string Name);
