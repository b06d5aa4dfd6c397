using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Templates;

/// <summary>A key or section of a template.</summary>
/// <param name="Name">Within its section; empty for the root.</param>
/// <param name="Comments">What is said about it, a line each.</param>
/// <param name="Value">What stands for its value; null for a section.</param>
/// <param name="Children">Of a section.</param>
internal sealed record TemplateNode(string Name, IReadOnlyList<string> Comments, ConfigValue? Value, IReadOnlyList<TemplateNode> Children)
{
    public bool IsSection => Value is null;
}
