using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Templates;

/// <summary>A configuration file to begin with, made from a schema. In every format it is read back to the same keys.</summary>
public static class ConfigurationTemplate
{
    private const int CommentWidth = 100;

    public static string Write(ConfigurationSchema schema, ConfigTemplateRequest request)
    {
        var root = Section(schema.Root, request) ?? new TemplateNode("", [], null, []);
        return request.Format switch
        {
            ConfigFormat.Yaml => YamlTemplate.Write(root),
            ConfigFormat.Json => JsonTemplate.Write(root),
            ConfigFormat.Toml => TomlTemplate.Write(root),
            ConfigFormat.Ini => IniTemplate.Write(root),
            _ => EnvTemplate.Write(root, request.Prefix),
        };
    }

    /// <summary>The format that a file's name says; YAML where it says none.</summary>
    public static ConfigFormat FormatOf(string file) => ConfigurationFormat.ByName(file) switch
    {
        var format when format == ConfigurationFormat.Json => ConfigFormat.Json,
        var format when format == ConfigurationFormat.Toml => ConfigFormat.Toml,
        var format when format == ConfigurationFormat.Ini => ConfigFormat.Ini,
        var format when format == ConfigurationFormat.Env => ConfigFormat.Env,
        _ => ConfigFormat.Yaml,
    };

    /// <returns>Null for a section with nothing to show.</returns>
    private static TemplateNode? Section(SchemaNode section, ConfigTemplateRequest request)
    {
        var children = section.Children
            .Select(child => child.Key is { } key ? Key(child, key, request) : Section(child, request))
            .OfType<TemplateNode>()
            .ToList();
        if (children.Count == 0 || section.Section is { IsUnavailable: true })
            return null;
        var comments = request.Comments && section.Parent is not null && section.Section is { } described
            ? Wrap(described.Description) : [];
        return new TemplateNode(section.Name, comments, null, children);
    }

    private static TemplateNode? Key(SchemaNode node, SchemaKey key, ConfigTemplateRequest request)
    {
        if (key.Deprecated is not null || key.IsUnavailable || (request.RequiredOnly && !key.IsRequired && !key.IsEssential))
            return null;
        return new TemplateNode(node.Name, request.Comments ? Comments(key) : [], Placeholder(key, request.Placeholder), []);
    }

    private static ConfigValue Placeholder(SchemaKey key, ConfigPlaceholder style) => (style, key.ExampleValue) switch
    {
        (ConfigPlaceholder.Example, var example) => example,
        (ConfigPlaceholder.Empty, _) => new ConfigScalar("", ScalarKind.Null, Origin.Default),
        (ConfigPlaceholder.Template, _) => Text($"{{{{ {VariableOf(key.Path)} }}}}"),
        (_, ConfigSequence) => new ConfigSequence([], Origin.Default),
        (_, ConfigMapping) => ConfigMapping.Empty(Origin.Default),
        _ => Text(""),
    };

    /// <summary>
    /// Dots lead through mappings in the template languages; anything else but letters, digits and <c>_</c> would be an operator.
    /// </summary>
    private static string VariableOf(string path) =>
        string.Concat(path.Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' ? character : '_'));

    private static ConfigScalar Text(string text) => new(text, ScalarKind.Text, Origin.Default, isQuoted: true);

    private static List<string> Comments(SchemaKey key)
    {
        var facts = new StringBuilder(char.ToUpperInvariant(key.Type.Expectation[0]) + key.Type.Expectation[1..]);
        if (key.Unit is not null)
            facts.Append(", counted in ").Append(key.Unit);
        facts.Append('.');
        if (key.IsRequired)
            facts.Append(" Required.");
        if (key.IsSecret)
            facts.Append(" Secret.");
        if (key is { Default: { } standard, IsSecret: false })
            facts.Append(" Default: ").Append(standard.Length == 0 ? "nothing" : standard).Append('.');
        else if (key.DefaultNote is { } note)
            facts.Append(" Default: ").Append(note).Append('.');
        return [.. Wrap(key.Description), .. Wrap(facts.ToString())];
    }

    private static List<string> Wrap(string text)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > CommentWidth)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }

        if (line.Length > 0)
            lines.Add(line.ToString());
        return lines;
    }
}
