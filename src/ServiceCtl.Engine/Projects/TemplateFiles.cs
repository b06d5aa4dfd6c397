using System.Reflection;
using System.Text;

namespace ServiceCtl.Engine.Projects;

/// <summary>The files of all templates, by their path below <c>templates/</c>.</summary>
internal sealed class TemplateFiles
{
    private const string Prefix = "templates/";

    private readonly Func<string, string> _read;

    /// <param name="paths">All of them.</param>
    /// <param name="read">The text of one.</param>
    internal TemplateFiles(IEnumerable<string> paths, Func<string, string> read)
    {
        Paths = [.. paths.Order(StringComparer.Ordinal)];
        _read = read;
    }

    /// <summary>Those that this assembly was built with.</summary>
    public static TemplateFiles Embedded { get; } = new(
        typeof(TemplateFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]),
        path => ReadResource(typeof(TemplateFiles).Assembly, Prefix + path));

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<string> Paths { get; }

    public string Read(string path) => _read(path);

    /// <summary>The paths below a folder, without it.</summary>
    public IEnumerable<string> Below(string folder) =>
        Paths.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal)).Select(path => path[(folder.Length + 1)..]);

    private static string ReadResource(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        return reader.ReadToEnd();
    }
}
