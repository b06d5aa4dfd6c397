using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// A service's configuration as it is read from its sources by ServiceCtl's schema and by the one that the service has itself.
/// </summary>
/// <param name="ConfigPath">Absolute path of its file, or of its folder with a slash at the end.</param>
/// <param name="Schema">All keys that are known.</param>
/// <param name="Check">What came of it, faults of the schema file included.</param>
/// <param name="Trace">What was looked at.</param>
public sealed record ServiceConfiguration(string ConfigPath, ConfigurationSchema Schema, ConfigurationCheck Check, SearchTrace Trace)
{
    /// <summary>Where it was searched, as it was asked for.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Knows the secrets of this configuration.</summary>
    public SecretMask Mask => SecretMask.For(Check.Root, Schema);

    /// <summary>The configuration that a path means: itself, or that of the folder it names.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>.</exception>
    public static string FileOf(string path, SourceRequest? request = null)
    {
        if (Directory.Exists(path) && request is { NeedsNoFile: true })
            return ComposedFolder.PathOf(path);
        return File.Exists(path) ? path : ServiceSources.Meant(path) ?? throw new ServiceCtlException(
            ErrorCode.ConfigNotFound, path,
            $"{path} is not a service's folder: it has no config.yaml, config.toml, config.json or config.ini, no such file in config/ or "
                + "etc/, and is no project of the wrapper kit "
            + "(conf/config.yml with conf/default_remote_config.json).",
            "Make one, or name the configuration file.");
    }

    /// <summary>Reads everything; faults are part of the answer.</summary>
    /// <param name="path">Absolute path of a service's folder or of its configuration file.</param>
    /// <param name="request">What is to be read beside what the folder says.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>.</exception>
    public static async Task<ServiceConfiguration> ReadAsync(string path, SourceRequest request, CancellationToken cancellation)
    {
        var file = FileOf(path, request);
        var problems = new ProblemList();
        var warnings = new ProblemList();
        var known = ServiceSources.SchemaOf(file);
        var reader = PinnedUser.ReaderOf(ServiceSources.FilesOf(file), request.User);
        var own = await OwnSchemaAsync(file, known, problems, warnings, cancellation, reader);
        var schema = own.With(known);
        var plan = SourcePlans.Of(file, request, reader);
        foreach (var usual in ServiceSources.FilesOf(file))
            plan.Trace.AddFile(usual);
        var layers = await ConfigurationReader.ReadLayersAsync(plan.Sources(schema), cancellation);
        if (SourcePlans.As(plan, layers.Root, request) is { } written)
        {
            var heeded = layers.Root;
            written = written with { Reader = reader ?? PinnedUser.ReaderOf([.. plan.Trace.Files, .. plan.Trace.Folders], request.User) };
            layers = await ConfigurationReader.ReadLayersAsync(written.Sources(schema), cancellation);
            SourcePlans.ReportUnheeded(heeded, layers);
        }

        if (request.Places is { } places && layers.Root.Count == 0 && layers.Problems.Count == 0)
            layers.Problems.Add(new Origin(plan.Folder), null, $"No configuration was found at {string.Join(", ", places)}.",
                "Correct the places, or make the files.");
        schema = own.With(ResourceBlocks.With(known, layers.Root));
        var check = ConfigurationReader.Check(layers, schema, plan.Folder);
        return new ServiceConfiguration(file, schema, check with
        {
            Configuration = problems.Count == 0 ? check.Configuration : null,
            Problems = [.. problems.Sorted(), .. check.Problems],
            Warnings = [.. warnings.Sorted(), .. check.Warnings],
        }, plan.Trace)
        {
            Sources = request.Words,
        };
    }

    /// <summary>
    /// The keys of a service: ServiceCtl's, those of the resources that it uses, and those that a schema file beside the configuration
    /// describes, whose faults are reported. It need not have a configuration yet.
    /// </summary>
    /// <param name="path">Absolute path of a service's folder or of its configuration file.</param>
    /// <param name="problems">Hears what is wrong with the schema file.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<ConfigurationSchema> SchemaOfAsync(string path, ProblemList problems, CancellationToken cancellation)
    {
        var configPath = !Directory.Exists(path) ? path : ServiceSources.FindConfig(path) ?? ComposedFolder.PathOf(path);
        var known = ServiceSources.SchemaOf(configPath);
        var own = await OwnSchemaAsync(configPath, known, problems, new ProblemList(), cancellation);
        if (!ServiceSources.IsThere(configPath))
            return own.With(known);
        var layers = await ConfigurationReader.ReadLayersAsync(SourcePlans.Of(configPath, SourceRequest.Usual).Sources(known),
            cancellation);
        return own.With(ResourceBlocks.With(known, layers.Root));
    }

    /// <summary>In a project of the wrapper kit, a schema file is of what is pushed.</summary>
    private static async Task<OwnSchema> OwnSchemaAsync(
        string configPath, ConfigurationSchema known, ProblemList problems, ProblemList warnings, CancellationToken cancellation,
        SourceReader? reader = null) =>
        ServiceSources.FindSchema(configPath) is { } file
            ? await OwnSchema.ReadAsync(file, known, problems, warnings, cancellation, reader) : new OwnSchema();
}
