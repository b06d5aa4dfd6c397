using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Search;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>Which sources make up a configuration, in which order, and how strict their composition is.</summary>
public sealed record ConfigurationPlan
{
    /// <summary>Absolute: relative paths of files start here, and of values whose source has no folder of its own.</summary>
    public required string Folder { get; init; }

    /// <summary>Who has to be able to read the files; null: whoever runs this.</summary>
    public SourceReader? Reader { get; init; }

    /// <summary>A source below all others; null for none.</summary>
    public IConfigurationSource? Lowest { get; init; }

    /// <summary>Files that are read in any case, before those that are searched; absolute.</summary>
    public IReadOnlyList<string> First { get; init; } = [];

    /// <summary>Where files are searched, lowest first.</summary>
    public IReadOnlyList<SearchPlace> Places { get; init; } = SearchPlace.Usual;

    public DuplicatePolicy Duplicates { get; init; } = DuplicatePolicy.Stop;

    public FaultPolicy Faults { get; init; } = FaultPolicy.Stop;

    public SectionPolicy Sections { get; init; } = SectionPolicy.Usual;

    /// <summary>Sections that only the root has, so that a file with one of them is the root.</summary>
    public IReadOnlyList<string> RootSections { get; init; } = [];

    /// <summary>
    /// Prefix of the variables that are configuration: <c>APP</c> for <c>APP__DB__HOST</c>. Null: variables are left alone.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>
    /// The real environment: a source by itself, and what <c>.env</c> files may refer to. Null: it is nobody's configuration.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary><c>.env</c> files, lowest first; one that is not there is no fault.</summary>
    public IReadOnlyList<string> EnvFiles { get; init; } = [".env"];

    /// <summary>Dotted paths with the texts of their values, as given with a command.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Lowest first. A kind that is not named is not read.</summary>
    public IReadOnlyList<SourceKind> Order { get; init; } = [SourceKind.Files, SourceKind.Environment, SourceKind.EnvFiles,
        SourceKind.Options];

    /// <summary>Hears what was looked at. Plans that are made from this one share it.</summary>
    public SearchTrace Trace { get; init; } = new();

    /// <summary>The sources, lowest first.</summary>
    /// <param name="schema">Knows how the keys that variables give are written.</param>
    public IReadOnlyList<IConfigurationSource> Sources(ConfigurationSchema schema) =>
        [.. Order.SelectMany(kind => SourcesOf(kind, schema))];

    private IEnumerable<IConfigurationSource> SourcesOf(SourceKind kind, ConfigurationSchema schema) => kind switch
    {
        SourceKind.Files => FileSources(),
        SourceKind.Environment when Prefix is not null && Environment is not null =>
            [new EnvironmentSource(Environment, new VariableMapping(Prefix, schema))],
        SourceKind.EnvFiles when Prefix is not null => EnvFiles.Select(file => VariablesOf(Path.GetFullPath(file, Folder), Prefix, schema)),
        SourceKind.Options when Settings.Count > 0 => [new OverrideSource(Settings, folder: Folder)],
        _ => [],
    };

    private IEnumerable<IConfigurationSource> FileSources()
    {
        if (Lowest is not null)
            yield return Lowest;
        if (First is [var only] && Places.Count == 0 && Faults != FaultPolicy.Skip)
        {
            Trace.AddFile(only);
            yield return new FileSource(only, Folder, triesAll: Faults == FaultPolicy.Try, Reader);
        }
        else if (First.Count + Places.Count > 0)
        {
            yield return new FilesSource(this);
        }
    }

    private EnvFileSource VariablesOf(string file, string prefix, ConfigurationSchema schema)
    {
        Trace.AddFile(file);
        return new EnvFileSource(file, new VariableMapping(prefix, schema), Environment ?? new Dictionary<string, string>(), Reader);
    }
}
