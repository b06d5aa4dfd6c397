using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What a service's configuration is composed of: <c>service.sources</c>.</summary>
public static partial class SourceKeys
{
    /// <summary>Of <c>SERVICECTL__LOCAL_PORT</c>.</summary>
    public const string UsualPrefix = "SERVICECTL";

    internal static KeyList All { get; } = new(
        new SchemaSection("service.sources", "What the configuration is composed of.", IsClosed: true));

    /// <summary>A file, a folder, or a pattern of files.</summary>
    private static ConfigType<SearchPlace> Place { get; } = new ScalarType<SearchPlace>(
        "file or pattern", "a file, a folder, or a pattern such as `config/**/*.yaml`", "config/**/*.yaml",
        """{"type": "string", "minLength": 1}""", ReadPlace);

    /// <summary>A single value is one of them, commas and all: they are in braces.</summary>
    private static ConfigType<IReadOnlyList<SearchPlace>> Places { get; } = new ListType<SearchPlace>(Place, separators: "");

    public static SchemaKey<IReadOnlyList<SearchPlace>> Files { get; } = All.Add(new SchemaKey<IReadOnlyList<SearchPlace>>(
        "service.sources.files", Places,
        "Where configuration files are searched, lowest first: files, folders and patterns, absolute or from the service's folder; `!` "
            + "takes away. The files of one item are in the order of their bare names. The file that holds this key is always read, before "
            + "all others.")
    {
        DefaultNote =
            "nothing else beside a `config.*`; without one, `config/**/main.{json,yaml}`, then everything in `config/` and `etc/`",
        Example = "[config/**/main.yaml, '/etc/billing/*.toml', '!secret.*']",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<SectionPolicy> Sections { get; } = All.Add(new SchemaKey<SectionPolicy>(
        "service.sources.sections", ConfigTypes.Choice<SectionPolicy>(),
        "Whether `db.yaml` is the section `db`. `usual`: each of several files is, unless it is called `main` or `config`, its name begins "
            + "with a digit, or it has a section `service`, `uwsgi` or of its own name. "
        + "`always`: all but `main` and `config`. `never`: all files are the root.")
    {
        Default = "usual",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<DuplicatePolicy> OnDuplicate { get; } = All.Add(new SchemaKey<DuplicatePolicy>(
        "service.sources.on_duplicate", ConfigTypes.Choice<DuplicatePolicy>(),
        "What becomes of a key that two files have: `stop` is an error with both places, with `last` the last file wins.")
    {
        Default = "stop",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<FaultPolicy> OnFault { get; } = All.Add(new SchemaKey<FaultPolicy>(
        "service.sources.on_fault", ConfigTypes.Choice<FaultPolicy>(),
        "What becomes of a file that the format of its extension can't read: `stop` is an error, `try` reads it in the first format that "
            + "fits, `skip` leaves it out with a warning.")
    {
        Default = "stop",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<string> Prefix { get; } = All.Add(new SchemaKey<string>(
        "service.sources.prefix", ConfigTypes.TextMatching(Name()),
        "The prefix of variables that are configuration: with `APP`, `APP__DB__HOST` is `db.host`.")
    {
        Default = UsualPrefix,
        Example = "APP",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<IReadOnlyList<string>> EnvFiles { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.sources.env_files", ConfigTypes.ListOf(ConfigTypes.FilePath),
        "Files of variables, lowest first. One that is not there is no error.")
    {
        Default = "[.env]",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<IReadOnlyList<SourceKind>> Order { get; } = All.Add(new SchemaKey<IReadOnlyList<SourceKind>>(
        "service.sources.order", ConfigTypes.ListOf(ConfigTypes.Choice<SourceKind>()),
        "The kinds of sources, lowest first; one that is left out is not read. `environment` counts only where the process is the "
            + "service's own: `servicectl run`, `servicectl config --environment`.")
    {
        Default = "[files, environment, env-files, options]",
        Effect = ConfigChangeEffect.None,
    });

    public static SchemaKey<IReadOnlyList<string>> Use { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "service.use", ConfigTypes.ListOf(ConfigTypes.Choice([.. ResourceBlocks.Names])),
        "Ready-made keys for resources that the service uses: each brings a section of its name with keys, types, defaults and secrets. "
            + "What the service's own schema says of a key counts more.")
    {
        Default = "[]",
        Example = "[postgres, sentry]",
        Effect = ConfigChangeEffect.None,
    });

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Name();

    private static string? ReadPlace(ConfigScalar scalar, ConversionContext context, out SearchPlace result)
    {
        try
        {
            result = SearchPlace.Parse(scalar.Text);
            return null;
        }
        catch (FormatException exception)
        {
            result = null!;
            return exception.Message;
        }
    }
}
