using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Watching;

/// <summary>One service's configuration as it was last right, and how its files are read again.</summary>
internal sealed class FollowedConfiguration : IFollowedFiles, IDisposable
{
    /// <summary>Editors, and tools that copy several files, make a burst of changes; a human waits no longer than this.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly string _service;
    private readonly string _configPath;
    private readonly Action<FollowedConfiguration> _rearm;
    private readonly Action<ConfigurationUpdate> _report;
    private readonly QuietPeriod _period;
    private readonly SourceRequest _request;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly CancellationTokenSource _end = new();
    private SearchTrace? _trace;
    private ConfigMapping? _lastRight;
    private string? _lastRefusal;

    /// <param name="service">The name it goes by.</param>
    /// <param name="configPath">Absolute.</param>
    /// <param name="now">What it says now; null when that is wrong.</param>
    /// <param name="request">What is to be read beside what the folder says.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rearm">Called before each reading: the way to the files may be another one.</param>
    /// <param name="report">Hears what changed.</param>
    public FollowedConfiguration(
        string service, string configPath, ServiceReading? now, SourceRequest request, TimeProvider time, Action<FollowedConfiguration> rearm, Action<ConfigurationUpdate> report)
    {
        _service = service;
        _configPath = configPath;
        _lastRight = now?.Configuration.Root;
        _trace = now?.Trace;
        _request = request;
        _rearm = rearm;
        _report = report;
        _period = new QuietPeriod(time, Quiet, Longest, () => _ = ReadAsync());
    }

    /// <summary>The folders and names whose change is of interest.</summary>
    public IReadOnlySet<(string Folder, string Name)> Trail { get; set; } = new HashSet<(string, string)>();

    /// <summary>The way to each file, and to each folder in which a new file counts, with all names in that.</summary>
    public IReadOnlySet<(string Folder, string Name)> FindWatchPoints()
    {
        var trace = _trace ?? SourcePlans.TraceOf(_configPath, _request);
        return trace.Files.Concat(trace.Folders).SelectMany(WatchPoints.Of).Concat(trace.Folders.Select(folder => (folder, PathWatch.AnyName))).ToHashSet();
    }

    /// <summary>Something happened to one of its files.</summary>
    public void Signal()
    {
        if (!_end.IsCancellationRequested)
            _period.Signal();
    }

    public void Dispose()
    {
        _end.Cancel();
        _period.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await _reading.WaitAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            // First the watches, then the files: a change in between is one more signal, not one that is missed.
            _rearm(this);
            var read = await ServiceConfiguration.ReadAsync(_configPath, _request, _end.Token);
            RearmFor(read.Trace);
            Accept(await ServiceDefinitionReader.DefineAsync(read, _service, _end.Token));
        }
        catch (ServiceCtlException refusal)
        {
            Refuse(refusal);
        }
        catch (OperationCanceledException)
        {
            // It is not followed any longer.
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>What was found only now is watched from now on, and looked at once more for what happened to it meanwhile.</summary>
    private void RearmFor(SearchTrace trace)
    {
        var isKnown = _trace is { } last && last.Files.SetEquals(trace.Files) && last.Folders.SetEquals(trace.Folders);
        _trace = trace;
        if (isKnown)
            return;
        _rearm(this);
        Signal();
    }

    private void Accept(ServiceReading reading)
    {
        var root = reading.Configuration.Root;
        var changes = ConfigurationChanges.Between(_lastRight ?? ConfigMapping.Empty(Origin.Default), root, reading.Configuration.Schema);
        var wasWrong = _lastRefusal is not null;
        _lastRight = root;
        _lastRefusal = null;
        if (changes.Count > 0 || wasWrong)
            _report(new ConfigurationUpdate(_service, _configPath, changes, reading.Definition, null));
    }

    private void Refuse(ServiceCtlException refusal)
    {
        if (_lastRefusal == refusal.Message)
            return;
        _lastRefusal = refusal.Message;
        _report(new ConfigurationUpdate(_service, _configPath, [], null, refusal));
    }
}
