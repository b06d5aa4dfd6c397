using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services;

/// <summary>The services this host knows, by name, kept in one file that is replaced as a whole. One owner: the agent.</summary>
public sealed class ServiceCatalog
{
    /// <summary>Five hundred services started at once make a few writes, not five hundred.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly string _file;
    private readonly SortedDictionary<string, CatalogEntry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Task? _pendingSave;

    private ServiceCatalog(string file)
    {
        _file = file;
    }

    /// <summary>Why the file on disk was not used; null when it was.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the catalog. A damaged file is set aside under another name and told, never fatal.</summary>
    public static ServiceCatalog Load(string file)
    {
        var catalog = new ServiceCatalog(file);
        if (!File.Exists(file))
            return catalog;

        try
        {
            foreach (var entry in JsonSerializer.Deserialize(File.ReadAllBytes(file), CatalogJson.Default.IReadOnlyListCatalogEntry) ?? [])
                catalog._entries[entry.Name] = entry;
        }
        catch (JsonException error)
        {
            var aside = $"{file}.damaged-{DateTime.UtcNow:yyyyMMddHHmmss}";
            File.Move(file, aside, overwrite: true);
            catalog._entries.Clear();
            catalog.Problem = $"The catalog {file} is damaged ({error.Message}); it was set aside as {aside}. Register the services again.";
        }

        return catalog;
    }

    public IReadOnlyList<CatalogEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values];
        }
    }

    /// <summary>The service that a folder, or a configuration file, belongs to; null when it is not known.</summary>
    public CatalogEntry? FindByPath(string path)
    {
        lock (_gate)
            return _entries.Values.FirstOrDefault(entry => entry.ConfigPath == path || Path.GetDirectoryName(entry.ConfigPath) == path);
    }

    /// <summary>Adds a service; written within a moment, as <see cref="SetWanted"/>. Adding the same one again changes nothing.</summary>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceExists"/>: the name is taken by another folder, or the folder has another name.</exception>
    public bool Add(CatalogEntry entry)
    {
        lock (_gate)
        {
            if (_entries.GetValueOrDefault(entry.Name) is { } known)
            {
                return known.ConfigPath == entry.ConfigPath ? false : throw new ServiceCtlException(
                    ErrorCode.ServiceExists, entry.Name, $"A service named {entry.Name} is registered already, with {known.ConfigPath}.",
                    "Unregister it, or give this one another name (SERVICE_NAME in its config, or -Name).");
            }

            if (_entries.Values.FirstOrDefault(other => other.ConfigPath == entry.ConfigPath) is { } twin)
            {
                throw new ServiceCtlException(
                    ErrorCode.ServiceExists, twin.Name, $"{entry.ConfigPath} is registered already, as {twin.Name}.",
                    $"Use that name, or unregister {twin.Name} first.");
            }

            _entries.Add(entry.Name, entry);
            _pendingSave ??= SaveSoonAsync();
            return true;
        }
    }

    /// <summary>Notes whether a service is to run. Written within a moment, together with what others note in it.</summary>
    public void SetWanted(string name, bool isWanted)
    {
        lock (_gate)
        {
            if (_entries.GetValueOrDefault(name) is not { } entry || entry.IsWanted == isWanted)
                return;
            _entries[name] = entry with { IsWanted = isWanted };
            _pendingSave ??= SaveSoonAsync();
        }
    }

    /// <summary>Writes what is still to be written.</summary>
    public async Task FlushAsync()
    {
        Task? pending;
        lock (_gate)
            pending = _pendingSave;
        if (pending is not null)
            await pending;
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            if (_entries.Remove(name))
                Save();
        }
    }

    private async Task SaveSoonAsync()
    {
        await Task.Delay(Moment);
        lock (_gate)
        {
            _pendingSave = null;
            Save();
        }
    }

    private void Save() =>
        AtomicFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes([.. _entries.Values], CatalogJson.Default.IReadOnlyListCatalogEntry));
}
