using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// The release that a service is served from, kept on disk, and the link that leads to it. A switch is decided by the link's rename: what
/// is meant is written before it, and the next agent sees by the link how far this one got.
/// </summary>
internal sealed class ServedRelease
{
    private readonly SupervisedService _service;
    private ReleaseRecord? _record;
    private bool _isRead;

    public ServedRelease(SupervisedService service)
    {
        _service = service;
    }

    private string File => _service.Context.ReleaseFileOf(_service.Name);

    private ReleaseRecord? Record
    {
        get
        {
            if (!_isRead)
                _record = ReleaseRecord.TryRead(File);
            _isRead = true;
            return _record;
        }
    }

    /// <summary>
    /// What served last, where that is still there and is another release than the link leads to; null where the link says it all.
    /// </summary>
    public ReleasePlace? FindLeftBehind()
    {
        var folder = ServiceSources.FolderOf(_service.Record.ConfigPath);
        return Record is { Served: { } served, Link: var link } && new ReleasePlace(link, served) is var place && place.Leads(folder)
            && ReleasePlace.RealPathOf(link) != served && Directory.Exists(place.Resolve(folder)) ? place : null;
    }

    /// <summary>It serves now, by an order or brought back.</summary>
    /// <returns>Why that could not be kept; null when it was.</returns>
    public string? Note(ServiceDefinition definition)
    {
        try
        {
            if (definition.Release is { } release)
                Keep(new ReleaseRecord { Link = release.Link, Served = release.Folder });
            else if (Record is not null)
                Forget();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"Which release of {_service.Name} serves can't be written to {File}: {error.Message}";
        }
    }

    /// <summary>Points the link at the release of a proven generation. From then on that is what serves, whoever dies.</summary>
    /// <exception cref="ServiceCtlException">It can't be done; the link is what it was.</exception>
    public void Publish(ReleasePlace release, Generation proven)
    {
        var before = Record;
        try
        {
            Keep(new ReleaseRecord
            {
                Link = release.Link,
                Served = before?.Link == release.Link ? before.Served : ReleasePlace.RealPathOf(release.Link),
                Next = release.Folder,
                Generation = proven.Number,
            });
            ReleaseLink.Point(release, proven.Definition.Actor);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ServiceCtlException)
        {
            // Renamed is renamed, though its folder could not be synced.
            if (ReleasePlace.RealPathOf(release.Link) == release.Folder)
                return;
            TryKeep(before);
            throw ReleaseLink.Refused(_service.Name, release, error);
        }
    }

    /// <summary>
    /// Ends what an agent had begun that died: the link leads to what serves. Where the rename was done, that is the proven generation, if
    /// it lives.
    /// </summary>
    /// <param name="serving">The newest that was noted as serving; null for none.</param>
    /// <param name="living">All that live.</param>
    /// <returns>The generation that serves.</returns>
    public Generation? Settle(Generation? serving, IReadOnlyList<Generation> living)
    {
        if (Record is not { Next: { } next, Link: var link } record)
            return serving;
        var isPublished = ReleasePlace.RealPathOf(link) == next;
        if (isPublished && living.FirstOrDefault(generation => generation.Number == record.Generation) is { } proven)
            serving = proven;
        var served = serving is not null ? serving.Definition.Release?.Folder ?? record.Served : isPublished ? next : record.Served;
        try
        {
            if (serving is not null && served is not null && ReleasePlace.RealPathOf(link) != served)
                ReleaseLink.Point(new ReleasePlace(link, served), serving.Definition.Actor);
            Keep(record with { Served = served, Next = null, Generation = null });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ServiceCtlException)
        {
            _service.Report(ServiceEventKind.Warning, $"{link} can't be pointed at {served}, which serves: {error.Message}");
        }

        return serving;
    }

    private void Keep(ReleaseRecord record)
    {
        if (record != Record)
            record.Write(File);
        _record = record;
    }

    private void TryKeep(ReleaseRecord? record)
    {
        try
        {
            if (record is null)
                Forget();
            else
                Keep(record);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The link, which was not moved, tells the next agent that nothing came of it.
        }
    }

    private void Forget()
    {
        ReleaseRecord.Delete(File);
        _record = null;
    }
}
