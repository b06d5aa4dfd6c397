using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Configuration;

/// <summary>
/// Several configuration files as one source: looked for again at each reading, composed in their order.
/// A file that was right and has not been written since is not parsed again.
/// </summary>
public sealed class FilesSource : IConfigurationSource
{
    /// <summary>Files with these bare names are the root also where files are sections.</summary>
    private static readonly string[] RootNames = ["main", "config"];

    /// <summary>Kernels keep the time of writing to some milliseconds: a file younger than this may be written again with the same time.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (DateTime Written, long Length, ConfigMapping Layer)> _known = new(StringComparer.Ordinal);
    private readonly Func<ProblemList, CancellationToken, IReadOnlyList<string>> _find;

    /// <param name="find">Gives the files, lowest first, and tells which folders it could not search.</param>
    /// <param name="name">How messages call them together.</param>
    public FilesSource(Func<ProblemList, CancellationToken, IReadOnlyList<string>> find, string name = "files")
    {
        _find = find;
        Name = name;
    }

    public string Name { get; }

    public DuplicatePolicy Duplicates { get; init; } = DuplicatePolicy.Stop;

    public FaultPolicy Faults { get; init; } = FaultPolicy.Stop;

    /// <summary>Whether <c>db.yaml</c> is the section <c>db</c>; files named <c>main</c> or <c>config</c> stay the root.</summary>
    public bool AreSections { get; init; }

    public async Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        var faults = Faults == FaultPolicy.Stop ? problems : warnings;
        var files = _find(faults, cancellation);
        var readings = new Reading[files.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Count), cancellation, async (index, limit) => readings[index] = await ReadAsync(files[index], limit));

        foreach (var reading in readings)
        {
            Remember(reading);
            faults.Add(reading.Faults);
            warnings.Add(reading.Warnings);
        }

        var layers = readings.Where(reading => reading.Faults.Count == 0 || Faults == FaultPolicy.Stop).Select(reading => reading.Layer).OfType<ConfigMapping>().ToList();
        return Duplicates == DuplicatePolicy.Stop
            ? ConfigurationComposer.ComposeDistinct(layers, problems)
            : ConfigurationComposer.Compose(layers);
    }

    private async Task<Reading> ReadAsync(string file, CancellationToken cancellation)
    {
        var reading = new Reading(file, new FileInfo(file), DateTime.UtcNow);
        if (_known.TryGetValue(file, out var known) && reading.Facts.Exists && reading.Facts.LastWriteTimeUtc == known.Written && reading.Facts.Length == known.Length)
            return reading with { Layer = known.Layer };

        try
        {
            return reading with { Layer = await new FileSource(file, SectionOf(file)).ReadAsync(reading.Faults, reading.Warnings, cancellation) };
        }
        catch (ServiceCtlException missing) when (missing.Code == ErrorCode.ConfigNotFound)
        {
            reading.Faults.Add(new Origin(file, 1, 1), null, missing.Message, missing.Advice);
            return reading;
        }
    }

    private void Remember(Reading reading)
    {
        var facts = reading.Facts;
        _known.Remove(reading.File);
        if (reading.Layer is not null && reading.Faults.Count == 0 && facts.Exists && facts.LastWriteTimeUtc + Settled < reading.Began)
            _known.Add(reading.File, (facts.LastWriteTimeUtc, facts.Length, reading.Layer));
    }

    private string? SectionOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return AreSections && !RootNames.Contains(name, StringComparer.Ordinal) ? name : null;
    }

    private sealed record Reading(string File, FileInfo Facts, DateTime Began)
    {
        public ConfigMapping? Layer { get; init; }

        public ProblemList Faults { get; } = new();

        public ProblemList Warnings { get; } = new();
    }
}
