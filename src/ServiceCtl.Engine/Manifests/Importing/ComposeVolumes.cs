using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>What is mounted into a service: volumes, and secrets that are files.</summary>
internal sealed class ComposeVolumes(ImportedService service, ComposeProject project, ComposeValues values, ProblemList warnings)
{
    public void Read(ConfigEntry entry)
    {
        foreach (var item in entry.Value is ConfigSequence list ? list.Items : [])
        {
            if (item is ConfigMapping mapping)
                ReadLong(mapping);
            else
                foreach (var (text, origin) in values.Texts(new ConfigEntry(entry.Key, item.Origin, item)))
                    ReadShort(text, origin);
        }

        if (entry.Value is not ConfigSequence)
            _ = values.Mapping(entry);
    }

    /// <summary>A secret of a file is mounted from there; one that the engine or a variable holds is not carried over.</summary>
    public void ReadSecrets(ConfigEntry entry)
    {
        foreach (var item in entry.Value is ConfigSequence list ? list.Items : [])
        {
            var mapping = item as ConfigMapping;
            var name = (mapping?.Find("source") ?? item as ConfigScalar)?.ToString() ?? "";
            var target = mapping?.Find("target")?.ToString() ?? name;
            if (project.SecretFileOf(name) is { } file)
                Add(file, target.StartsWith('/') ? target : $"/run/secrets/{target}", isReadOnly: true);
            else
                warnings.Add(item.Origin, entry.Key, $"{service.Name}: the secret {name} is in no file, and is not carried over.",
                    "Write it into a file that the service's user alone may read, and mount that by `service.container.volumes`.");
        }
    }

    private void ReadShort(string text, Origin origin)
    {
        var parts = text.Split(':');
        if (parts.Length == 1 || parts.Length > 3)
        {
            Skip(origin, text, "Give the volume a name, to find what is in it again: `NAME:TARGET`.");
            return;
        }

        var modes = parts.Length == 3 ? parts[2].Split(',') : [];
        foreach (var mode in modes.Where(mode => mode is not ("ro" or "rw")))
            warnings.Add(origin, "volumes", $"{service.Name}: `{mode}` of the volume `{text}` is not carried over.",
                "Volumes are `ro`, or not.");
        Add(SourceOf(parts[0]), parts[1], modes.Contains("ro"));
    }

    private void ReadLong(ConfigMapping mapping)
    {
        string TextOf(string key) => (mapping.Find(key) as ConfigScalar)?.Text ?? "";
        var (type, source, target) = (TextOf("type"), TextOf("source") + TextOf("src"),
            TextOf("target") + TextOf("destination") + TextOf("dst"));
        if (type == "tmpfs" && target == "/tmp")
            return;
        if (type is not ("bind" or "volume") || source.Length == 0 || target.Length == 0)
        {
            Skip(mapping.Origin, $"{type} {target}", "Folders and named volumes are carried over.");
            return;
        }

        foreach (var other in mapping.Entries.Where(other =>
            other.Key is not ("type" or "source" or "src" or "target" or "destination" or "dst" or "read_only")))
            warnings.Add(other.KeyOrigin, "volumes", $"{service.Name}: `{other.Key}` of the volume for {target} is not carried over.",
                "Volumes are `ro`, or not.");
        Add(type == "bind" ? project.PathOf(source) : SourceOf(source), target, TextOf("read_only") == "true");
    }

    /// <summary>A path, absolute now; or the volume's name beyond the file.</summary>
    private string SourceOf(string source) =>
        source.StartsWith('/') || source.StartsWith('.') || source.StartsWith('~') ? project.PathOf(source) : project.VolumeOf(source);

    private void Add(string source, string target, bool isReadOnly)
    {
        // What is beside the compose file moves with it and the service's folder.
        var from = source.StartsWith(project.Folder + "/", StringComparison.Ordinal)
            || source == project.Folder ? ComposeServiceReader.PathFrom(service.Folder, source) : source;
        service.Volumes.Add($"{from}:{target}{(isReadOnly ? ":ro" : "")}");
    }

    private void Skip(Origin origin, string text, string advice) =>
        warnings.Add(origin, "volumes", $"{service.Name}: the volume `{text}` is not carried over.", advice);
}
