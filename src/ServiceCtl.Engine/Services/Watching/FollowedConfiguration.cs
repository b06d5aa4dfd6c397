using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Watching;

/// <summary>One service's configuration as it was last right, and how its files are read again.</summary>
internal sealed class FollowedConfiguration : IDisposable
{
    private readonly FollowedService _service;
    private readonly Action<ConfigurationUpdate> _report;
    private readonly FileFollower _files;
    private SearchTrace? _trace;
    private ConfigMapping? _lastRight;
    private string? _lastRefusal;
    private string? _folder;

    /// <param name="service">Whose.</param>
    /// <param name="now">What it says now; null when that is wrong.</param>
    /// <param name="watch">Notices changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Hears what changed.</param>
    public FollowedConfiguration(
        FollowedService service, ServiceReading? now, PathWatch watch, TimeProvider time, Action<ConfigurationUpdate> report)
    {
        _service = service;
        _lastRight = now?.Configuration.Root;
        _trace = now?.Trace;
        _folder = now?.Definition.Folder;
        _report = report;
        _files = new FileFollower(watch, time, FindWatchPoints, ReadAsync, Refuse);
    }

    /// <exception cref="ServiceCtlException">This user has too many inotify watches.</exception>
    public void Begin() => _files.Arm();

    public void Dispose() => _files.Dispose();

    /// <summary>The way to each file, and to each folder in which a new file counts, with all names in that.</summary>
    private HashSet<(string Folder, string Name)> FindWatchPoints()
    {
        var trace = _trace ?? SourcePlans.TraceOf(_service.ConfigPath, _service.Request());
        return trace.Files.Concat(trace.Folders).SelectMany(WatchPoints.Of)
            .Concat(trace.Folders.Select(folder => (folder, PathWatch.AnyName))).ToHashSet();
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var read = await ServiceConfiguration.ReadAsync(_service.ConfigPath, _service.Request(), cancellation);
        RearmFor(read.Trace);
        Accept(await ServiceDefinitionReader.DefineAsync(read, _service.Name, cancellation));
    }

    /// <summary>What was found only now is watched from now on, and looked at once more for what happened to it meanwhile.</summary>
    private void RearmFor(SearchTrace trace)
    {
        var isKnown = _trace is { } last && last.Files.SetEquals(trace.Files) && last.Folders.SetEquals(trace.Folders);
        _trace = trace;
        if (isKnown)
            return;
        _files.Arm();
        _files.Signal();
    }

    private void Accept(ServiceReading reading)
    {
        var root = reading.Configuration.Root;
        var changes = ConfigurationChanges.Between(_lastRight ?? ConfigMapping.Empty(Origin.Default), root, reading.Configuration.Schema);
        var wasWrong = _lastRefusal is not null;
        _lastRight = root;
        _lastRefusal = null;
        var folder = ReleasePlace.RealPathOf(ServiceSources.FolderOf(_service.ConfigPath));
        var movedTo = folder == _folder ? null : folder;
        _folder = folder;
        if (changes.Count > 0 || wasWrong)
            _report(new ConfigurationUpdate(_service.Name, _service.ConfigPath, changes, reading.Definition, null) { MovedTo = movedTo });
    }

    private void Refuse(ServiceCtlException refusal)
    {
        if (_lastRefusal == refusal.Message)
            return;
        _lastRefusal = refusal.Message;
        _report(new ConfigurationUpdate(_service.Name, _service.ConfigPath, [], null, refusal));
    }
}
