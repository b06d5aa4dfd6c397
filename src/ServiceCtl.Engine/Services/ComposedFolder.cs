using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// A service's folder whose configuration is the files of its <c>config</c> and <c>etc</c>. Where a path of a configuration is wanted it
/// stands for itself, with a slash at its end: which files there are may change at any time.
/// </summary>
internal static class ComposedFolder
{
    /// <summary>Deep enough for anybody; a circle of links ends here.</summary>
    private const int Depth = 16;

    private static readonly string[] Names = ["config", "etc"];

    /// <summary>Their <c>etc</c> is the host's, and nobody's service.</summary>
    private static readonly string[] OfTheHost = ["/", "/usr", "/usr/local"];

    private static readonly EnumerationOptions Search = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = Depth,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.None
    };

    /// <summary>The path that stands for the configuration of a folder.</summary>
    public static string PathOf(string folder) => $"{folder.TrimEnd('/')}/";

    /// <summary>Does a configuration's path stand for a folder?</summary>
    public static bool IsPath(string configPath) => configPath.EndsWith('/');

    /// <summary>Has a folder a file of this kind?</summary>
    public static bool IsOne(string folder) =>
        !OfTheHost.Contains(folder) && Names.Select(name => Path.Combine(folder, name))
            .Any(part => Directory.Exists(part) && Directory.EnumerateFiles(part, "*", Search).Any(IsRead));

    /// <summary>
    /// The folder whose configuration would have this file, or this folder of files; null when it is not in a place for them.
    /// </summary>
    public static string? FolderOf(string path)
    {
        for (var part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            if (Names.Contains(Path.GetFileName(part)) && Path.GetDirectoryName(part) is { } folder)
                return folder;
        }

        return null;
    }

    /// <summary>Is this absolute path a file, or a folder of files, of the folder's configuration?</summary>
    public static bool Holds(string folder, string path) => FolderOf(path) is { } own && FolderIdentity.IsSame(own, folder);

    /// <summary>The folders in which a schema of the service's own may be.</summary>
    public static IReadOnlyList<string> SchemaFolders(string folder) => [folder, .. Names.Select(name => Path.Combine(folder, name))];

    private static bool IsRead(string file) =>
        ConfigurationFormat.ByName(file) is { } format && format != ConfigurationFormat.Env && !Path.GetFileName(file).StartsWith('.')
            && !OwnSchema.FileNames.Contains(Path.GetFileName(file));
}
