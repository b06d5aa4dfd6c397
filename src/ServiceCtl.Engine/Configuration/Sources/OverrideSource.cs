using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>
/// <c>key=value</c> pairs given with a command: dotted paths and YAML values
/// (<c>service.ready.timeout=10s</c>, <c>TAGS=[a, b]</c>). The last of equal keys wins.
/// </summary>
public sealed class OverrideSource : IConfigurationSource
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _settings;
    private readonly Origin _origin;

    /// <param name="settings">Dotted paths with the texts of their values.</param>
    /// <param name="name">How problems name this source.</param>
    /// <param name="folder">Where relative paths among the values start; null: the folder the reader is given.</param>
    public OverrideSource(IEnumerable<KeyValuePair<string, string>> settings, string name = "command line", string? folder = null)
    {
        _settings = [.. settings];
        _origin = new Origin(name) { Folder = folder };
    }

    public string Name => _origin.Source;

    public Task<ConfigMapping?> ReadAsync(ProblemList problems, ProblemList warnings, CancellationToken cancellation)
    {
        var composed = ConfigMapping.Empty(_origin);
        foreach (var (path, text) in _settings)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Read(path, text, problems) is { } mapping)
                composed = ConfigurationComposer.Compose([composed, mapping]);
        }

        return Task.FromResult<ConfigMapping?>(composed);
    }

    private ConfigMapping? Read(string path, string text, ProblemList problems)
    {
        try
        {
            var segments = KeyPath.Split(path);
            if (segments.Any(segment => segment.Name is null))
                throw new FormatException("An item of a list can't be set by itself; give the whole list.");
            if (segments.Count >= ConfigurationLimits.Depth)
                throw new FormatException($"It has more than {ConfigurationLimits.Depth} levels.");

            var value = YamlReader.ReadValue(text, _origin, problems);
            foreach (var segment in segments.Reverse())
                value = new ConfigMapping([new ConfigEntry(segment.Name!, _origin, value)], _origin);
            return (ConfigMapping)value;
        }
        catch (FormatException exception)
        {
            problems.Add(_origin, path, $"The key `{path}` can't be understood. {exception.Message}",
                "Write a dotted path, as `service.ready.timeout`.");
        }
        catch (MalformedSourceException fault)
        {
            problems.Add(_origin, path, $"The value of `{path}` can't be understood. {fault.Message}", fault.Advice);
        }

        return null;
    }
}
