using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>
/// The files that describe stages: deploy.yaml, what it includes, and deploy.STAGE.yaml. Lowest first: includes, deploy.yaml, its section
/// for the stage, the stage's file.
/// </summary>
internal sealed partial class StageFiles
{
    public const string Main = "deploy.yaml";

    private readonly string _folder;
    private readonly ConfigMapping _root;
    private readonly ProblemList _problems;
    private readonly IReadOnlyList<string> _ofStages;

    private StageFiles(string folder, ConfigMapping root, ProblemList problems, IReadOnlyList<string> ofStages)
    {
        _folder = folder;
        _root = root;
        _problems = problems;
        _ofStages = ofStages;
        Names = [.. SectionNames().Union(ofStages).Order(StringComparer.Ordinal)];
    }

    /// <summary>The stages that are described, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    private string MainPath => Path.Combine(_folder, Main);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>.</exception>
    public static async Task<StageFiles> ReadAsync(string folder, ProblemList problems, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, Main);
        if (!File.Exists(path))
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigNotFound, folder, $"There is no {path}, which says how this service is deployed.",
                "Make one with 'servicectl deploy install production', or go to the folder that has one.");
        }

        var root = await new FileSource(path).ReadAsync(problems, problems, cancellation) ?? ConfigMapping.Empty(new Origin(path));
        return new StageFiles(folder, root, problems,
            [.. Directory.EnumerateFiles(folder, "deploy.*.yaml").Select(file => StageFile().Match(Path.GetFileName(file)))
                .Where(match => match.Success).Select(match => match.Groups["stage"].Value)]);
    }

    public static string FileOf(string folder, string stage) => Path.Combine(folder, $"deploy.{stage}.yaml");

    public static bool IsName(string stage) => StageName().IsMatch(stage);

    /// <summary>What all of them say together, and which they are.</summary>
    public async Task<(ConfigMapping Root, IReadOnlyList<string> Files)> LayersOfAsync(string stage, CancellationToken cancellation)
    {
        List<ConfigMapping> layers = [];
        List<string> files = [];
        foreach (var file in Includes())
            await AddAsync(file);
        layers.Add(Without(_root, DeployKeys.Stages, DeployKeys.Include));
        files.Add(MainPath);
        if (_root.Find(DeployKeys.Stages) is ConfigMapping stages && stages.TryGet(stage, out var section))
        {
            if (section is ConfigMapping mapping)
                layers.Add(mapping);
            else if (!section.IsNull)
                _problems.Add(section.Origin, $"{DeployKeys.Stages}.{stage}",
                    $"A stage should be a mapping, and this is {section.Description}.",
                    "Write its keys below it.");
        }

        if (_ofStages.Contains(stage))
            await AddAsync(FileOf(_folder, stage));
        return (ConfigurationComposer.Compose(layers), files);

        async Task AddAsync(string file)
        {
            if (await new FileSource(file).ReadAsync(_problems, _problems, cancellation) is { } layer)
                layers.Add(layer);
            files.Add(file);
        }
    }

    public ServiceCtlException NoSuchStage(string stage) => new(
        ErrorCode.InvalidArgument, stage, $"{MainPath} describes no stage '{stage}'.",
        Names.Count == 0 ? $"Make one with 'servicectl deploy install {stage}'."
            : Suggestion.For(stage, Names) is { } near ? $"Did you mean '{near}'?" : $"Its stages are {string.Join(", ", Names)}.");

    private IEnumerable<string> SectionNames()
    {
        if (_root.Find(DeployKeys.Stages) is not { IsNull: false } value)
            yield break;
        if (value is not ConfigMapping stages)
        {
            _problems.Add(value.Origin, DeployKeys.Stages, $"`stages` should be a mapping, and this is {value.Description}.",
                "Write each stage with its keys below it.");
            yield break;
        }

        foreach (var entry in stages.Entries)
        {
            if (IsName(entry.Key))
                yield return entry.Key;
            else
                _problems.Add(entry.KeyOrigin, KeyPath.Join(DeployKeys.Stages, entry.Key), $"`{entry.Key}` can't be a stage's name.",
                    "Use letters, digits, '_' and '-'.");
        }
    }

    /// <summary>Files that projects share.</summary>
    private IEnumerable<string> Includes()
    {
        var items = _root.Find(DeployKeys.Include) switch
        {
            ConfigSequence list => list.Items,
            { IsNull: false } single => [single],
            _ => [],
        };
        foreach (var item in items)
        {
            if (item is ConfigScalar { Text: { Length: > 0 } text })
                yield return Path.GetFullPath(text, _folder);
            else
                _problems.Add(item.Origin, DeployKeys.Include, $"`include` should be a list of files, and this is {item.Description}.",
                    "Write `include: [../shared/deploy.yaml]`.");
        }
    }

    internal static ConfigMapping Without(ConfigMapping root, params IReadOnlyList<string> keys) =>
        new(root.Entries.Where(entry => !keys.Contains(entry.Key)), root.Origin);

    [GeneratedRegex(@"\Adeploy\.(?<stage>[A-Za-z0-9][A-Za-z0-9_-]*)\.yaml\z", RegexOptions.CultureInvariant)]
    private static partial Regex StageFile();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex StageName();
}
