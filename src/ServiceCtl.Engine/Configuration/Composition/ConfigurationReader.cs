using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>The way in: reads sources, composes them, and reads the result by a schema.</summary>
public static class ConfigurationReader
{
    /// <param name="lowestFirst">Later sources win over earlier ones.</param>
    /// <param name="schema">What may be in them.</param>
    /// <param name="baseFolder">Absolute; where relative paths start whose source has no folder of its own (defaults, options).</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ConfigNotFound"/>: a file is not there. <see cref="ErrorCode.ConfigInvalid"/>: the report holds every fault
    /// with its place.
    /// </exception>
    public static async Task<ResolvedConfiguration> ReadAsync(
        IReadOnlyList<IConfigurationSource> lowestFirst, ConfigurationSchema schema, string baseFolder, CancellationToken cancellation)
    {
        var check = await CheckAsync(lowestFirst, schema, baseFolder, cancellation);
        return check.Configuration ?? throw Invalid(check.Problems);
    }

    /// <summary>The same, but faults are part of the answer. Only a missing file is thrown.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<ConfigurationCheck> CheckAsync(
        IReadOnlyList<IConfigurationSource> lowestFirst, ConfigurationSchema schema, string baseFolder, CancellationToken cancellation) =>
        Check(await ReadLayersAsync(lowestFirst, cancellation), schema, baseFolder);

    /// <summary>Reads the sources and composes them. Only a missing file is thrown.</summary>
    public static async Task<ConfigurationLayers> ReadLayersAsync(
        IReadOnlyList<IConfigurationSource> lowestFirst, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        var warnings = new ProblemList();
        var layers = new List<ConfigMapping>();
        foreach (var source in lowestFirst)
        {
            if (await source.ReadAsync(problems, warnings, cancellation) is { } layer)
                layers.Add(layer);
        }

        return new ConfigurationLayers(ConfigurationComposer.Compose(layers), problems, warnings);
    }

    /// <summary>Reads composed values by a schema. The faults of the layers become those of the answer.</summary>
    public static ConfigurationCheck Check(ConfigurationLayers layers, ConfigurationSchema schema, string baseFolder)
    {
        var (root, problems, warnings) = layers;
        var bound = SchemaBinder.Bind(root, schema, baseFolder, isComplete: problems.Count == 0, problems, warnings);
        return new ConfigurationCheck
        {
            Root = root,
            Configuration = problems.Count == 0 ? new ResolvedConfiguration(root, schema, bound, warnings.Sorted()) : null,
            Problems = problems.Sorted(),
            Warnings = warnings.Sorted(),
        };
    }

    /// <summary>The exception for faults of a configuration, also for those that its user found.</summary>
    public static ServiceCtlException Invalid(IReadOnlyList<ConfigurationProblem> problems) => new(new ErrorReport
    {
        Code = ErrorCode.ConfigInvalid,
        Target = problems[0].Source,
        Message = problems.Count == 1
            ? $"{problems[0].Place}: {problems[0].Message}"
            : $"The configuration has {problems.Count} faults; the first: {problems[0].Place}: {problems[0].Message}",
        Advice = problems[0].Advice,
        Problems = problems,
    });
}
