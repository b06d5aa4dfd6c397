using ServiceCtl.Engine.Configuration.Formats.Env;
using ServiceCtl.Engine.Configuration.Formats.Toml;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats;

/// <summary>The formats of configuration files.</summary>
public sealed class ConfigurationFormat
{
    private delegate ConfigMapping Reader(SourceText text, ProblemList problems, CancellationToken cancellation);

    private readonly Reader _read;

    private ConfigurationFormat(string name, IReadOnlyList<string> extensions, Reader read)
    {
        Name = name;
        Extensions = extensions;
        _read = read;
    }

    /// <summary>YAML 1.1 with <c>!join</c>.</summary>
    public static ConfigurationFormat Yaml { get; } = new("YAML", [".yaml", ".yml"], YamlReader.ReadRoot);

    /// <summary>JSON, with comments and trailing commas.</summary>
    public static ConfigurationFormat Json { get; } = new("JSON", [".json", ".jsonc"], JsonReader.ReadRoot);

    /// <summary>TOML 1.1.</summary>
    public static ConfigurationFormat Toml { get; } = new("TOML", [".toml"], TomlReader.ReadRoot);

    /// <summary>Sections of keys; see <see cref="IniReader"/> for the dialect.</summary>
    public static ConfigurationFormat Ini { get; } = new("INI", [".ini", ".cfg"], IniReader.ReadRoot);

    /// <summary>Variables; see <see cref="EnvReader"/> for the dialect.</summary>
    public static ConfigurationFormat Env { get; } = new(".env", [".env"], EnvReader.ReadRoot);

    /// <summary>All of them, in the order in which they are tried on a file whose name says nothing: the strictest first.</summary>
    public static IReadOnlyList<ConfigurationFormat> All { get; } = [Json, Toml, Yaml, Ini, Env];

    public string Name { get; }

    /// <summary>With their dots, in small letters; the first is the usual one.</summary>
    public IReadOnlyList<string> Extensions { get; }

    /// <summary>The format that a file's name says; null when it says none.</summary>
    public static ConfigurationFormat? ByName(string path)
    {
        if (Path.GetFileName(path).StartsWith(".env.", StringComparison.Ordinal))
            return Env;
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return All.FirstOrDefault(format => format.Extensions.Contains(extension));
    }

    public override string ToString() => Name;

    /// <exception cref="MalformedSourceException">It can't be read to its end.</exception>
    internal ConfigMapping Read(SourceText text, ProblemList problems, CancellationToken cancellation) =>
        _read(text, problems, cancellation);

    /// <summary>Reads in the first format that takes it without a fault.</summary>
    /// <exception cref="MalformedSourceException">None does: the fault of the format that came farthest.</exception>
    internal static (ConfigMapping Root, ConfigurationFormat Format) ReadAny(
        SourceText text, ProblemList problems, CancellationToken cancellation)
    {
        var faults = new List<(ConfigurationFormat Format, Origin Origin, string Message, string? Advice)>();
        foreach (var format in All)
        {
            var own = new ProblemList();
            try
            {
                var root = format.Read(text, own, cancellation);
                if (own.Count == 0)
                    return (root, format);
                var first = own.Sorted()[0];
                faults.Add((format, new Origin(first.Source, first.Line, first.Column), first.Message, first.Advice));
            }
            catch (MalformedSourceException fault)
            {
                faults.Add((format, fault.Origin, fault.Message, fault.Advice));
            }
        }

        var best = faults.MaxBy(fault => (fault.Origin.Line, fault.Origin.Column));
        throw new MalformedSourceException(
            best.Origin, $"The file is none of {string.Join(", ", All)}; read as {best.Format}: {best.Message}",
            best.Advice ?? "Give the file the extension of its format.");
    }
}
