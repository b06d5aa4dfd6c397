using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.WrapperKit;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// Which sources a service's configuration is composed of: by what its folder holds, by what was asked for, and by <c>service.sources</c>.
/// </summary>
internal static class SourcePlans
{
    private const string Section = "service.sources";

    private static readonly ConfigurationSchema Schema = new(
        [new SchemaSection("service", "", IsClosed: false), .. SourceKeys.All.Sections], SourceKeys.All.Keys);

    /// <summary>What is read before anything says otherwise.</summary>
    /// <param name="configPath">Absolute path of the configuration.</param>
    /// <param name="request">What is to be read beside.</param>
    /// <param name="reader">Who has to be able to read it; null: whoever runs this.</param>
    public static ConfigurationPlan Of(string configPath, SourceRequest request, SourceReader? reader = null)
    {
        var isKit = WrapperKitFolder.IsConfig(configPath);
        var plan = new ConfigurationPlan
        {
            Folder = ServiceSources.FolderOf(configPath),
            Reader = reader,
            Lowest = isKit ? new WrapperKitSource(configPath, SourceKeys.UsualPrefix, reader) : null,
            First = isKit || ComposedFolder.IsPath(configPath) ? [] : [configPath],
            Places = request.Places ?? (ComposedFolder.IsPath(configPath) ? SearchPlace.Usual : []),
            RootSections = ["service", "uwsgi"],
            Prefix = SourceKeys.UsualPrefix,
            Environment = request.Environment,
            Settings = request.Settings,
        };
        return request.Order is null ? plan : plan with { Order = request.Order };
    }

    /// <summary>
    /// The same as <c>service.sources</c> says it; null where nothing does, or it is wrong, which whoever reads the whole configuration
    /// reports.
    /// </summary>
    /// <param name="plan">What was read.</param>
    /// <param name="root">What came of that.</param>
    /// <param name="request">What was asked for counts more.</param>
    public static ConfigurationPlan? As(ConfigurationPlan plan, ConfigMapping root, SourceRequest request)
    {
        if (root.Find(Section) is not ConfigMapping written
            || ConfigurationReader.Check(new ConfigurationLayers(root, new ProblemList(), new ProblemList()), Schema,
                plan.Folder).Configuration is not { } rule)
        {
            return null;
        }

        var files = rule.GetOrNull(SourceKeys.Files);
        return plan with
        {
            First = files is null ? plan.First : [.. plan.First.Union(FilesOf(written, plan.Trace))],
            Places = request.Places ?? files ?? plan.Places,
            Sections = rule.Get(SourceKeys.Sections),
            Duplicates = rule.Get(SourceKeys.OnDuplicate),
            Faults = rule.Get(SourceKeys.OnFault),
            Prefix = rule.Get(SourceKeys.Prefix),
            EnvFiles = rule.Get(SourceKeys.EnvFiles),
            Order = request.Order ?? rule.Get(SourceKeys.Order),
        };
    }

    /// <summary>
    /// A file that was found through <c>service.sources</c> can't say where files are found: what it says of that is a warning.
    /// </summary>
    /// <param name="heeded">What said where to search.</param>
    /// <param name="layers">What was found, and hears of it.</param>
    public static void ReportUnheeded(ConfigMapping heeded, ConfigurationLayers layers)
    {
        var known = SettingsOf(heeded).Select(setting => setting.Value.Origin).ToHashSet();
        foreach (var setting in SettingsOf(layers.Root).Where(setting => !known.Contains(setting.Value.Origin)))
        {
            layers.Warnings.Add(
                setting.KeyOrigin, setting.Path, $"`{setting.Path}` has no effect here: this file was itself found through `{Section}`.",
                $"Write it where `{Section}` is, or take it out.");
        }
    }

    private static IEnumerable<ConfigSetting> SettingsOf(ConfigMapping root) =>
        ConfigSetting.Of(root).Where(setting => setting.Path.StartsWith($"{Section}.", StringComparison.Ordinal));

    /// <summary>What is looked at as long as nothing could be read.</summary>
    public static SearchTrace TraceOf(string configPath, SourceRequest request)
    {
        var plan = Of(configPath, request);
        foreach (var file in ServiceSources.FilesOf(configPath)
            .Concat(SearchPlace.FindAll(plan.Places, plan.Folder, plan.Trace, new ProblemList(), CancellationToken.None)))
            plan.Trace.AddFile(file);
        return plan.Trace;
    }

    /// <summary>The files that say what the sources are: left out, they would say nothing.</summary>
    private static IEnumerable<string> FilesOf(ConfigMapping written, SearchTrace trace) =>
        ConfigSetting.Of(written).Select(setting => setting.KeyOrigin.Source)
            .Where(source => trace.Files.Contains(source) && Path.GetFileName(source) != ".env");
}
