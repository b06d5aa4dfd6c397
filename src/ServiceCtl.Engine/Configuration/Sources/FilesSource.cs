using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>Several configuration files as one source: looked for at each reading, composed in their order.</summary>
public sealed class FilesSource : IConfigurationSource
{
    /// <summary>Files with these bare names are the root also where files are sections.</summary>
    private static readonly string[] RootNames = ["main", "config"];

    private readonly ConfigurationPlan _plan;

    /// <param name="plan">Says where the files are, and how strict their composition is.</param>
    public FilesSource(ConfigurationPlan plan) => _plan = plan;

    public string Name => "files";

    public async Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        var isSkipping = _plan.Faults == FaultPolicy.Skip;
        var faults = isSkipping ? warnings : problems;
        var found = SearchPlace.FindAll(_plan.Places, _plan.Folder, _plan.Trace, faults, cancellation);
        string[] files = [.. _plan.First, .. found.Except(_plan.First, StringComparer.Ordinal)];
        var readings = new Reading[files.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Length), cancellation,
            async (index, limit) => readings[index] = await ReadAsync(files[index], limit));

        foreach (var reading in readings)
        {
            _plan.Trace.AddFile(reading.File);
            faults.Add(reading.Faults);
            warnings.Add(reading.Warnings);
        }

        var layers = readings.Where(reading => reading.Root is not null && (reading.Faults.Count == 0 || !isSkipping))
            .Select(reading => InSection(reading.File, reading.Root!, isOnly: files.Length == 1)).ToList();
        return _plan.Duplicates == DuplicatePolicy.Stop
            ? ConfigurationComposer.ComposeDistinct(layers, problems)
            : ConfigurationComposer.Compose(layers);
    }

    private async Task<Reading> ReadAsync(string file, CancellationToken cancellation)
    {
        var reading = new Reading(file);
        try
        {
            var source = new FileSource(file, _plan.Folder, triesAll: _plan.Faults == FaultPolicy.Try, _plan.Reader);
            return reading with { Root = await source.ReadAsync(reading.Faults, reading.Warnings, cancellation) };
        }
        catch (ServiceCtlException missing) when (missing.Code == ErrorCode.ConfigNotFound)
        {
            reading.Faults.Add(new Origin(file, 1, 1), null, missing.Message, missing.Advice);
            return reading;
        }
    }

    private ConfigMapping InSection(string file, ConfigMapping root, bool isOnly)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var isSection = !RootNames.Contains(name, StringComparer.Ordinal) && _plan.Sections switch
        {
            SectionPolicy.Always => true,
            SectionPolicy.Never => false,
            _ => !isOnly && !char.IsAsciiDigit(name[0]) && root.Entry(name)?.Value is not ConfigMapping
                && !_plan.RootSections.Any(section => root.Entry(section)?.Value is ConfigMapping),
        };
        return isSection ? new ConfigMapping([new ConfigEntry(name, root.Origin, root)], root.Origin) : root;
    }

    private sealed record Reading(string File)
    {
        public ConfigMapping? Root { get; init; }

        public ProblemList Faults { get; } = new();

        public ProblemList Warnings { get; } = new();
    }
}
