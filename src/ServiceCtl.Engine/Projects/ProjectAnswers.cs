namespace ServiceCtl.Engine.Projects;

/// <summary>What a project is made of, complete and allowed.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Template">The kind.</param>
/// <param name="Layout">As template.json calls it.</param>
/// <param name="Database">As template.json calls it.</param>
/// <param name="Parts">In the template's order, with those that others bring.</param>
/// <param name="Port">Null where the template has none.</param>
internal sealed record ProjectAnswers(
    ProjectName Name, TemplateManifest Template, string Layout, string Database, IReadOnlyList<string> Parts, int? Port);
