using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>Where a service's Python code is found.</summary>
internal static class PythonFolders
{
    private static readonly string[] PathOptions = ["pythonpath", "python-path", "pp"];

    /// <summary>The folder it works in: its own, unless uWSGI changes into another one.</summary>
    public static string Working(ServiceDefinition definition) =>
        definition.Uwsgi.Last("chdir") is { } folder && Resolve(definition, folder) is { } path && Directory.Exists(path)
        ? path
        : definition.Folder;

    /// <summary>Folders that uWSGI adds to Python's path.</summary>
    public static IEnumerable<string> Added(ServiceDefinition definition) =>
        definition.Uwsgi.Options.Where(option => PathOptions.Contains(option.Name)).Select(option => Resolve(definition, option.Value))
            .OfType<string>();

    /// <summary>Null for a value with uWSGI's own placeholders, which only uWSGI can resolve.</summary>
    private static string? Resolve(ServiceDefinition definition, string folder) =>
        folder.Contains('%') || folder.Contains('$') ? null : Path.GetFullPath(folder, definition.Folder);
}
