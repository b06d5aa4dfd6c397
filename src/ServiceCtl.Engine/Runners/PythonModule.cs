using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Runners;

/// <summary>Modules by the files that tracebacks name: a traceback has no other names for them.</summary>
internal static class PythonModule
{
    /// <summary>Folders in a service's own that are rather on Python's path than packages.</summary>
    private static readonly string[] SourceFolders = ["src", "home", "lib"];

    /// <summary>Whose modules have the names that their folders below have.</summary>
    private static readonly string[] Libraries = ["/site-packages/", "/dist-packages/"];

    /// <summary>
    /// The modules by which an exception can be meant: that which raised it, that of the service's own code by which it came there, and
    /// that of its type.
    /// </summary>
    /// <param name="definition">The service.</param>
    /// <param name="type">Of the exception, with its module if it has one.</param>
    /// <param name="failure">Where it came from; null: nobody knows.</param>
    /// <returns>Each once; that of its own code, or else that which raised it, is the first.</returns>
    public static IReadOnlyList<string> Of(ServiceDefinition definition, string? type, PythonFailure? failure)
    {
        string?[] found =
        [
            failure is null ? null : NameOf(definition, failure.File),
            failure is null ? null : NameOf(definition, failure.Raised),
            ExceptionType.ModuleOf(type),
        ];
        return [.. found.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Null for what is no file of a module: what was typed in, or compiled from a text.</summary>
    internal static string? NameOf(ServiceDefinition definition, string file)
    {
        if (file.StartsWith('<'))
            return file.StartsWith("<frozen ", StringComparison.Ordinal) ? file["<frozen ".Length..].TrimEnd('>') : null;
        var library = Libraries.Select(folder => (Folder: folder, At: file.LastIndexOf(folder, StringComparison.Ordinal)))
            .FirstOrDefault(found => found.At >= 0);
        var path = library.Folder is not null ? file[(library.At + library.Folder.Length)..]
            : !file.StartsWith('/') ? file
            : BelowAny(RootsOf(definition), file) ?? BehindVersion(file) ?? Path.GetFileName(file);
        var name = Path.ChangeExtension(path, null);
        name = name.EndsWith("/__init__", StringComparison.Ordinal) ? name[..^"/__init__".Length] : name;
        return name.TrimStart('.', '/').Replace('/', '.');
    }

    /// <summary>Where Python finds the service's own modules, as far as its configuration tells.</summary>
    private static IEnumerable<string> RootsOf(ServiceDefinition definition)
    {
        var path = definition.Environment.GetValueOrDefault("PYTHONPATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        string[] working = [PythonFolders.Working(definition), definition.Folder];
        return
        [
            .. path.Select(folder => Path.GetFullPath(folder, definition.Folder)), .. PythonFolders.Added(definition),
            .. working.SelectMany(folder => SourceFolders.Select(source => Path.Combine(folder, source))), .. working,
        ];
    }

    /// <summary>Below the root that is the nearest to it.</summary>
    private static string? BelowAny(IEnumerable<string> roots, string file) => roots
        .Select(root => root.TrimEnd('/') + "/").Where(root => file.StartsWith(root, StringComparison.Ordinal))
        .OrderByDescending(root => root.Length).Select(root => file[root.Length..]).FirstOrDefault();

    /// <summary>Python's own: <c>/usr/lib/python3.11/json/decoder.py</c>.</summary>
    private static string? BehindVersion(string file)
    {
        const string Marker = "/lib/python3";
        var at = file.LastIndexOf(Marker, StringComparison.Ordinal);
        var end = at < 0 ? -1 : file.IndexOf('/', at + Marker.Length);
        return end < 0 ? null : file[(end + 1)..];
    }
}
