using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>What the services of a compose file share.</summary>
internal sealed class ComposeProject
{
    /// <summary>What a file may say of all services, beside them.</summary>
    private static readonly string[] Known = ["version", "name", "services", "networks", "volumes", "secrets"];
    private static readonly string[] Shared = ["networks", "volumes"];

    private readonly ConfigMapping _root;
    private readonly bool _isFirstVersion;

    private ComposeProject(ConfigMapping root, bool isFirstVersion, string folder, ComposeVariables variables)
    {
        (_root, _isFirstVersion, Folder, Variables) = (root, isFirstVersion, folder, variables);
    }

    /// <summary>Where relative paths begin.</summary>
    public string Folder { get; }

    public ComposeVariables Variables { get; }

    public IReadOnlyList<ConfigEntry> Services =>
        _isFirstVersion ? _root.Entries : (_root.Find("services") as ConfigMapping)?.Entries ?? [];

    /// <param name="root">The file, with its variables resolved.</param>
    /// <param name="folder">The folder that it is in.</param>
    /// <param name="variables">Those that services may be handed.</param>
    /// <param name="problems">Hears of what can't be read.</param>
    /// <param name="warnings">Hears of what is not carried over.</param>
    public static ComposeProject Of(
        ConfigMapping root, string folder, ComposeVariables variables, ProblemList problems, ProblemList warnings)
    {
        // Version 1 has nothing but services.
        var isFirst = root.Entry("services") is null && root.Entry("version") is null && root.Entry("name") is null;
        var project = new ComposeProject(root, isFirst, folder, variables);
        if (project.Services.Count == 0)
            problems.Add(root.Origin, "services", "The file has no services.", "Name them below `services:`.");
        foreach (var entry in isFirst ? [] : root.Entries.Where(entry =>
            !Known.Contains(entry.Key) && !entry.Key.StartsWith("x-", StringComparison.Ordinal)))
            warnings.Add(entry.KeyOrigin, entry.Key, $"`{entry.Key}` is not carried over.", AdviceOn(entry.Key));
        foreach (var entry in isFirst ? [] : Shared.SelectMany(
            section => (root.Find(section) as ConfigMapping)?.Entries ?? []))
        {
            foreach (var setting in ((entry.Value as ConfigMapping)?.Entries ?? [])
                .Where(setting => setting.Key is not ("name" or "external" or "driver" or "attachable")))
            {
                warnings.Add(setting.KeyOrigin, setting.Key, $"`{setting.Key}` of {entry.Key} is not carried over.",
                    $"Make {entry.Key} with the engine's own command before the services start.");
            }
        }

        return project;
    }

    /// <summary>What a network is called beyond the file.</summary>
    public string NetworkOf(string name) => NameOf("networks", name);

    /// <summary>What a volume is called beyond the file.</summary>
    public string VolumeOf(string name) => NameOf("volumes", name);

    /// <summary>The absolute path of the file that holds a secret; null for one that no file holds.</summary>
    public string? SecretFileOf(string name) =>
        (_root.Find("secrets") as ConfigMapping)?.Entry(name)?.Value is ConfigMapping secret && secret.Find("file") is ConfigScalar file
            ? PathOf(file.Text) : null;

    public string PathOf(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.GetFullPath(path[2..], Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) : Path.GetFullPath(path, Folder);

    private string NameOf(string section, string name)
    {
        if ((_root.Find(section) as ConfigMapping)?.Entry(name)?.Value is not ConfigMapping described)
            return name;
        // external: {name: x} is the way of version 2.
        return described.Find("name") is ConfigScalar { Text.Length: > 0 } given ? given.Text
            : (described.Find("external") as ConfigMapping)?.Find("name") is ConfigScalar outside ? outside.Text : name;
    }

    private static string AdviceOn(string key) => key switch
    {
        "include" => "Import the included files as well.",
        "configs" => "Mount the files by `service.container.volumes`.",
        _ => "Look whether the services need it.",
    };
}
