using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Own;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.WrapperKit;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// Where the configuration of a service is: a file, or the files of its <c>config</c> and <c>etc</c>, and the <c>.env</c> beside it.
/// </summary>
public static class ServiceSources
{
    /// <summary>
    /// What a service's configuration file may be called, the first that exists counting; after these, what makes a project of the wrapper
    /// kit.
    /// </summary>
    private static readonly string[] FileNames = ["config.yaml", "config.yml", "config.toml"];

    /// <summary>The kit writes what is pushed into a config.json.</summary>
    private static readonly string[] LaterFileNames = ["config.json", "config.ini"];

    private static readonly ConfigurationSchema KitSchema = WrapperKitKeys.Beside(ServiceSchema.Schema);

    /// <summary>
    /// What makes a folder a service's: its configuration file, or itself with a slash at its end, where the files of its <c>config</c> and
    /// <c>etc</c> are; null when there is none.
    /// </summary>
    public static string? FindConfig(string folder) => FindFile(folder) ?? FindComposed(folder);

    /// <summary>
    /// The configuration that a path means: itself, that of the folder it names, or of the folder whose configuration the file is a part
    /// of. One that is not there stands for what its folder has now: a configuration may be written into other files.
    /// </summary>
    public static string? Meant(string path) => Directory.Exists(path)
        ? FindConfig(Path.TrimEndingDirectorySeparator(path))
        : FileNames.Concat(LaterFileNames).Contains(Path.GetFileName(path))
            ? File.Exists(path) ? path : FindConfig(Path.GetDirectoryName(path)!) ?? path
            : ComposedFolder.FolderOf(path) is { } folder && FindConfig(folder) is { } config && ComposedFolder.IsPath(config)
                ? config : path;

    /// <summary>The folder of the service that a configuration is for.</summary>
    public static string FolderOf(string configPath) => WrapperKitFolder.IsConfig(configPath)
        ? WrapperKitFolder.RootOf(configPath) : Path.GetDirectoryName(configPath)!;

    /// <summary>Is what a configuration's path names there?</summary>
    public static bool IsThere(string configPath) => File.Exists(configPath) || Directory.Exists(configPath);

    /// <summary>
    /// Is this absolute path the configuration of a service, or its folder? A folder is the same by whatever links it is reached. Of files
    /// only their folder counts: several services may share one by links.
    /// </summary>
    public static bool IsOf(string configPath, string path)
    {
        var folder = FolderOf(configPath);
        if (path == configPath || Path.TrimEndingDirectorySeparator(path) == folder)
            return true;
        if (Directory.Exists(path))
            return FolderIdentity.IsSame(path, folder);
        var isBeside = FolderIdentity.IsSame(Path.GetDirectoryName(path)!, folder);
        if (Path.GetFileName(path) == Path.GetFileName(configPath))
            return WrapperKitFolder.IsConfig(configPath)
                ? FolderIdentity.IsSame(Path.GetDirectoryName(path)!, Path.GetDirectoryName(configPath)!) : isBeside;
        // What the folder has instead of what it had.
        return (ComposedFolder.IsPath(configPath) && ComposedFolder.Holds(folder, path))
            || (isBeside && FindFile(folder) is { } now && Path.GetFileName(now) == Path.GetFileName(path) && !File.Exists(configPath));
    }

    /// <summary>
    /// Would a file at this absolute path, once it is there, be read as the configuration of the folder instead of this one?
    /// </summary>
    internal static bool WouldReplace(string configPath, string file)
    {
        if (file == configPath)
            return true;
        string[] names = [.. FileNames, .. LaterFileNames];
        var own = Array.IndexOf(names, Path.GetFileName(configPath));
        var winning = ComposedFolder.IsPath(configPath) ? names
            : WrapperKitFolder.IsConfig(configPath) ? FileNames
            // One of another name was named itself, and stays what it is.
            : names[..Math.Max(own, 0)];
        return Path.GetDirectoryName(file) == FolderOf(configPath) && winning.Contains(Path.GetFileName(file));
    }

    /// <summary>ServiceCtl's keys for a file of this kind.</summary>
    public static ConfigurationSchema SchemaOf(string configPath) =>
        WrapperKitFolder.IsConfig(configPath) ? KitSchema : ServiceSchema.Schema;

    /// <summary>The files that are read for a service, whether they are there or not; more are where its sources are searched.</summary>
    public static IReadOnlyList<string> FilesOf(string configPath)
    {
        var folder = FolderOf(configPath);
        if (ComposedFolder.IsPath(configPath))
            return [.. FileNames.Concat(LaterFileNames).Select(name => Path.Combine(folder, name)), EnvFileOf(configPath),
                .. ComposedFolder.SchemaFolders(folder).SelectMany(SchemaFiles)];
        return [configPath, .. WrapperKitFolder.IsConfig(configPath) ? WrapperKitSource.FilesElsewhere(configPath) : [],
            EnvFileOf(configPath), .. SchemaFiles(Path.GetDirectoryName(configPath)!)];
    }

    /// <summary>The file that describes the service's own keys; null when there is none, or it describes what is pushed.</summary>
    public static string? FindSchema(string configPath) => ComposedFolder.IsPath(configPath)
        ? ComposedFolder.SchemaFolders(FolderOf(configPath)).Select(OwnSchema.Find).FirstOrDefault(file => file is not null)
        : WrapperKitFolder.IsConfig(configPath) ? null : OwnSchema.Find(Path.GetDirectoryName(configPath)!);

    private static IEnumerable<string> SchemaFiles(string folder) => OwnSchema.FileNames.Select(name => Path.Combine(folder, name));

    private static string? FindFile(string folder) =>
        FirstOf(folder, FileNames) ?? WrapperKitFolder.FindConfig(folder) ?? FirstOf(folder, LaterFileNames);

    /// <summary>Also from inside: the folder's own <c>config</c> or <c>etc</c> is a part of it.</summary>
    private static string? FindComposed(string folder) => ComposedFolder.IsOne(folder)
        ? ComposedFolder.PathOf(folder)
        : ComposedFolder.FolderOf(folder) is { } above && FindFile(above) is null && ComposedFolder.IsOne(above)
            ? ComposedFolder.PathOf(above) : null;

    private static string EnvFileOf(string configPath) => Path.Combine(FolderOf(configPath), ".env");

    private static string? FirstOf(string folder, string[] names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
