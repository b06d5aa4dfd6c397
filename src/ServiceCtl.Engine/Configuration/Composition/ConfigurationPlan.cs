namespace ServiceCtl.Engine.Configuration;

/// <summary>Which sources make up a configuration, in which order, and how strict their composition is.</summary>
public sealed record ConfigurationPlan
{
    /// <summary>Absolute: relative paths of files start here, and of values whose source has no folder of its own.</summary>
    public required string Folder { get; init; }

    /// <summary>What files are looked for.</summary>
    public FileSearch Search { get; init; } = FileSearch.Default;

    /// <summary>Files that are named, in their order, instead of a search; each must be there. Null: search.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    public DuplicatePolicy Duplicates { get; init; } = DuplicatePolicy.Stop;

    public FaultPolicy Faults { get; init; } = FaultPolicy.Stop;

    /// <summary>Whether <c>db.yaml</c> is the section <c>db</c>; files named <c>main</c> or <c>config</c> stay the root.</summary>
    public bool FilesAreSections { get; init; }

    /// <summary>Prefix of the variables that are configuration: <c>APP</c> for <c>APP__DB__HOST</c>. Null: variables are left alone.</summary>
    public string? Prefix { get; init; }

    /// <summary>The real environment: a source by itself, and what <c>.env</c> files may refer to.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary><c>.env</c> files, lowest first; one that is not there is no fault.</summary>
    public IReadOnlyList<string> EnvFiles { get; init; } = [".env"];

    /// <summary>Dotted paths with the texts of their values, as given with a command.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Lowest first. A kind that is not named is not read.</summary>
    public IReadOnlyList<SourceKind> Order { get; init; } = [SourceKind.Files, SourceKind.Environment, SourceKind.EnvFiles, SourceKind.Settings];

    /// <summary>The sources, lowest first.</summary>
    /// <param name="schema">Knows how the keys that variables give are written.</param>
    public IReadOnlyList<IConfigurationSource> Sources(ConfigurationSchema schema) => [.. Order.SelectMany(kind => SourcesOf(kind, schema))];

    private IEnumerable<IConfigurationSource> SourcesOf(SourceKind kind, ConfigurationSchema schema) => kind switch
    {
        SourceKind.Files => [new FilesSource(FindFiles) { Duplicates = Duplicates, Faults = Faults, AreSections = FilesAreSections }],
        SourceKind.Environment when Prefix is not null => [new EnvironmentSource(Environment, new VariableMapping(Prefix, schema))],
        SourceKind.EnvFiles when Prefix is not null => EnvFiles.Select(file => new EnvFileSource(Absolute(file), new VariableMapping(Prefix, schema), Environment)),
        SourceKind.Settings when Settings.Count > 0 => [new OverrideSource(Settings, folder: Folder)],
        _ => [],
    };

    private IReadOnlyList<string> FindFiles(ProblemList problems, CancellationToken cancellation) =>
        Files is null ? Search.Find(Folder, problems, cancellation) : [.. Files.Select(Absolute)];

    private string Absolute(string path) => Path.GetFullPath(path, Folder);
}
