using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Configuration;

/// <summary>
/// Several configuration files as one source: looked for anew at each reading, composed in their order.
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
        var layers = new List<ConfigMapping>();
        var faults = Faults == FaultPolicy.Stop ? problems : warnings;
        foreach (var file in _find(faults, cancellation))
        {
            if (await ReadAsync(file, faults, warnings, cancellation) is { } layer)
                layers.Add(layer);
        }

        return Duplicates == DuplicatePolicy.Stop
            ? ConfigurationComposer.ComposeDistinct(layers, problems)
            : ConfigurationComposer.Compose(layers);
    }

    private async Task<ConfigMapping?> ReadAsync(string file, ProblemList faults, ProblemList warnings, CancellationToken cancellation)
    {
        var facts = new FileInfo(file);
        if (_known.TryGetValue(file, out var known) && facts.Exists && facts.LastWriteTimeUtc == known.Written && facts.Length == known.Length)
            return known.Layer;

        var own = new ProblemList();
        ConfigMapping? layer = null;
        var began = DateTime.UtcNow;
        try
        {
            layer = await new FileSource(file, SectionOf(file)).ReadAsync(own, warnings, cancellation);
        }
        catch (ServiceCtlException missing) when (missing.Code == ErrorCode.ConfigNotFound)
        {
            own.Add(new Origin(file, 1, 1), null, missing.Message, missing.Advice);
        }

        _known.Remove(file);
        if (layer is not null && own.Count == 0 && facts.Exists && facts.LastWriteTimeUtc + Settled < began)
            _known.Add(file, (facts.LastWriteTimeUtc, facts.Length, layer));
        if (own.Count == 0)
            return layer;
        faults.Add(own);
        return Faults == FaultPolicy.Stop ? layer : null;
    }

    private string? SectionOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return AreSections && !RootNames.Contains(name, StringComparer.Ordinal) ? name : null;
    }
}
