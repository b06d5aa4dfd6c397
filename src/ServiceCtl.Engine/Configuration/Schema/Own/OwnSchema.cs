using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>The keys that a service describes itself, in a file beside its configuration.</summary>
public sealed record OwnSchema
{
    /// <summary>What the file may be called, the first that exists counting.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["config.schema.yaml", "config.schema.yml", "config.schema.json"];

    public IReadOnlyList<SchemaSection> Sections { get; init; } = [];

    public IReadOnlyList<SchemaKey> Keys { get; init; } = [];

    /// <summary>The file that describes a folder's keys; null when there is none.</summary>
    public static string? Find(string folder) => FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Reads a file in the short form (it has <c>keys</c> at its root) or as JSON Schema. What is wrong with it goes to the problems; what
    /// it asks for and doesn't get (a keyword that is not understood), to the warnings.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="known">Keys that are described already: their owner's description counts, unless it is that anything goes.</param>
    /// <param name="problems">Hears what is wrong.</param>
    /// <param name="warnings">Hears what is passed over.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="reader">Who has to be able to read it; null: whoever runs this.</param>
    public static async Task<OwnSchema> ReadAsync(
        string path, ConfigurationSchema known, ProblemList problems, ProblemList warnings, CancellationToken cancellation,
        SourceReader? reader = null)
    {
        return await new FileSource(path, reader: reader).ReadAsync(problems, warnings, cancellation) is { } root
            ? Read(root, known, problems, warnings) : new OwnSchema();
    }

    /// <summary>The same of what was read.</summary>
    internal static OwnSchema Read(ConfigMapping root, ConfigurationSchema known, ProblemList problems, ProblemList warnings)
    {
        var builder = new OwnSchemaBuilder(known, problems, warnings);
        if (root.Entry(ShortFormReader.KeysName) is not null)
            new ShortFormReader(builder).Read(root);
        else
            new JsonSchemaReader(builder).Read(root);
        return builder.Build();
    }

    /// <summary>These keys and sections with those of a schema, whose keys for anything give way.</summary>
    public ConfigurationSchema With(ConfigurationSchema known)
    {
        var own = Keys.Select(key => key.Path).ToHashSet(StringComparer.Ordinal);
        var sections = Sections.Select(section => section.Path).ToHashSet(StringComparer.Ordinal);
        return new ConfigurationSchema(
            [.. known.Sections.Where(section => !sections.Contains(section.Path)), .. Sections],
            [.. known.Keys.Where(key => !own.Contains(key.Path)), .. Keys]);
    }
}
