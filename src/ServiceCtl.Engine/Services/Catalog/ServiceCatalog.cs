using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services.Catalog;

/// <summary>
/// The services this host knows, by name, kept in one file that is replaced as a whole, and in a copy of it. One owner: the agent. When
/// the disk is full or read-only, that is reported once and tried again until it works.
/// </summary>
public sealed class ServiceCatalog
{
    /// <summary>Five hundred services started at once make a few writes, not five hundred.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly string _file;
    private readonly SortedList<string, CatalogEntry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Action<string> _report;
    private readonly CatalogContent _content = new();
    private Task? _pendingSave;
    private bool _isFailing;

    private ServiceCatalog(string file, Action<string> report)
    {
        _file = file;
        _report = report;
    }

    /// <summary>What the catalog of an agent says that does not run; changes nothing.</summary>
    /// <exception cref="ServiceCtlException">The file is damaged.</exception>
    public static IReadOnlyList<CatalogEntry> Peek(string file)
    {
        try
        {
            return Read(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException error)
        {
            throw new ServiceCtlException(
                ErrorCode.System, file, $"The catalog {file} is damaged: {error.Message}",
                "The next agent that starts uses its copy.", error);
        }
    }

    /// <summary>
    /// Reads the catalog. A damaged file is set aside under another name and reported, never fatal; its copy takes its place.
    /// </summary>
    /// <param name="file">Where it is kept.</param>
    /// <param name="report">Gets what is wrong with the file, and that it is right again, in a sentence.</param>
    public static ServiceCatalog Load(string file, Action<string> report)
    {
        var catalog = new ServiceCatalog(file, report);
        if (!catalog.TryRead(file))
            catalog.TryRead(catalog.Copy);
        return catalog;
    }

    private string Copy => _file + ".copy";

    public IReadOnlyList<CatalogEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values];
        }
    }

    /// <summary>The service of a name; null when it is not known.</summary>
    public CatalogEntry? FindByName(string name) => Entries.FirstOrDefault(entry => entry.Name == name);

    /// <summary>The service that a folder, or a configuration file, belongs to; null when it is not known.</summary>
    public CatalogEntry? FindByPath(string path)
    {
        var entries = Entries;
        return entries.FirstOrDefault(entry => entry.ConfigPath == path || ServiceSources.FolderOf(entry.ConfigPath) == path)
            ?? entries.FirstOrDefault(entry => ServiceSources.IsOf(entry.ConfigPath, path));
    }

    /// <summary>The service whose folder has been renamed to what is this configuration's folder now; null for none.</summary>
    public CatalogEntry? FindRenamed(string configPath) => FolderIdentity.MarkOf(ServiceSources.FolderOf(configPath)) is { } mark
        ? Entries.FirstOrDefault(
            entry => entry.Folder == mark && Path.GetFileName(entry.ConfigPath) == Path.GetFileName(configPath)
                && !ServiceSources.IsThere(entry.ConfigPath))
        : null;

    /// <summary>
    /// Notes what has become known of a service since: another place, its folder's mark, the name it gives itself. Written within a moment.
    /// </summary>
    public void Note(CatalogEntry entry)
    {
        lock (_gate)
        {
            if (_entries.GetValueOrDefault(entry.Name) is not { } known || Kept(entry, known) is var next && next == known)
                return;
            _entries[entry.Name] = next;
            _pendingSave ??= SaveSoonAsync();
        }
    }

    /// <summary>Adds a service; written within a moment, as <see cref="SetWanted"/>. Adding the same one again changes nothing.</summary>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceExists"/>: the name is taken by another folder, or the folder has
    /// another name.</exception>
    public bool Add(CatalogEntry entry)
    {
        lock (_gate)
        {
            if (_entries.GetValueOrDefault(entry.Name) is { } known)
            {
                return ServiceSources.IsOf(known.ConfigPath, entry.ConfigPath) ? false : throw new ServiceCtlException(
                    ErrorCode.ServiceExists, entry.Name,
                    $"A service named {entry.Name} is registered already, with "
                        + $"{known.ConfigPath}{(ServiceSources.IsThere(known.ConfigPath) ? "" : ", which is gone")}.",
                    $"If it is the same service at another place, stop and unregister {entry.Name}, and register this one; what is "
                        + "deployed behind a link is registered by the link. "
                    + "Otherwise give this one another name (SERVICE_NAME in its config, or '--name').");
            }

            if (_entries.Values.FirstOrDefault(other => ServiceSources.IsOf(other.ConfigPath, entry.ConfigPath)) is { } twin)
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
    public void SetWanted(string name, bool isWanted) => Note(name, entry => entry with { IsWanted = isWanted, OrderedIn = ProcFs.BootId });

    /// <summary>Notes what becomes of a service at the next boot. Written as <see cref="SetWanted"/>.</summary>
    /// <param name="name">The service.</param>
    /// <param name="start">What becomes of it then.</param>
    /// <param name="isWanted">Whether it is to run until then, which must not change with it.</param>
    public void SetAtBoot(string name, BootStart start, bool isWanted) =>
        Note(name, entry => entry with { AtBoot = start, IsWanted = isWanted, OrderedIn = ProcFs.BootId });

    /// <summary>
    /// Notes whether it has ended as it may: then it is to run after a reboot, but not again before. Written as <see cref="SetWanted"/>.
    /// </summary>
    public void SetFinished(string name, bool hasFinished) =>
        Note(name, entry => entry with { FinishedIn = hasFinished ? ProcFs.BootId : null });

    /// <summary>Whom a service is to run as; null when that was not noted yet.</summary>
    public string? UserOf(string name)
    {
        lock (_gate)
            return _entries.GetValueOrDefault(name)?.User;
    }

    /// <summary>Notes whom a service is to run as. Written as <see cref="SetWanted"/>.</summary>
    public void SetUser(string name, string user) => Note(name, entry => entry with { User = user });

    /// <summary>What is noted in other ways stays.</summary>
    private static CatalogEntry Kept(CatalogEntry entry, CatalogEntry known) =>
        entry with
        {
            IsWanted = known.IsWanted,
            FinishedIn = known.FinishedIn,
            User = known.User,
            AtBoot = known.AtBoot,
            OrderedIn = known.OrderedIn
        };

    private void Note(string name, Func<CatalogEntry, CatalogEntry> note)
    {
        lock (_gate)
        {
            if (_entries.GetValueOrDefault(name) is not { } entry || note(entry) is var noted && noted == entry)
                return;
            _entries[name] = noted;
            _pendingSave ??= SaveSoonAsync();
        }
    }

    /// <summary>Writes what is still to be written, if it can be.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_pendingSave is not null)
                TrySave();
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
        {
            _content.Forget(name);
            if (_entries.Remove(name) && !TrySave())
                _pendingSave ??= SaveSoonAsync();
        }
    }

    /// <summary>Completes when what was noted so far has been written, or could not be: whoever is answered then may rely on it.</summary>
    public Task SavedAsync()
    {
        lock (_gate)
            return _pendingSave ?? Task.CompletedTask;
    }

    private async Task SaveSoonAsync()
    {
        await Task.Delay(Moment);
        if (!TrySaveNow())
            _ = RetryAsync();
    }

    private async Task RetryAsync()
    {
        do
            await Task.Delay(RetryAfter);
        while (!TrySaveNow());
    }

    private bool TrySaveNow()
    {
        lock (_gate)
        {
            var isSaved = TrySave();
            if (isSaved)
                _pendingSave = null;
            return isSaved;
        }
    }

    private bool TrySave()
    {
        try
        {
            var content = _content.Of(_entries.Values);
            AtomicFile.Write(_file, content);
            AtomicFile.Write(Copy, content, isDurable: false);
            if (_isFailing)
                _report($"The catalog {_file} is written again.");
            _isFailing = false;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
                _report(
                    $"The catalog {_file} can't be written: {error.Message} Services go on; what changes from now on is not known to the "
                        + "next agent, until it can be written again.");
            _isFailing = true;
            return false;
        }
    }

    /// <returns>False when there is no such file, or it is damaged.</returns>
    private bool TryRead(string file)
    {
        try
        {
            foreach (var entry in Read(file))
                _entries[entry.Name] = entry;
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (JsonException error)
        {
            _entries.Clear();
            var aside = $"{file}.damaged-{DateTime.UtcNow:yyyyMMddHHmmss}";
            File.Move(file, aside, overwrite: true);
            DurableFolder.Flush(Path.GetDirectoryName(file)!);
            _report(
                $"The catalog {file} is damaged ({error.Message}); it was set aside as {aside}. Services that are missing now have to be "
                    + "registered again.");
            return false;
        }
    }

    private static IReadOnlyList<CatalogEntry> Read(string file)
    {
        var entries = JsonSerializer.Deserialize(File.ReadAllBytes(file), CatalogJson.Default.IReadOnlyListCatalogEntry)
            ?? throw new JsonException("it is empty");
        return entries.All(IsPossible) ? entries : throw new JsonException("an entry has no name or no path that a service can have");
    }

    private static bool IsPossible(CatalogEntry? entry) =>
        entry is { Name: { } name, ConfigPath: { } path } && ServiceName.IsValid(name) && Path.IsPathFullyQualified(path);
}
