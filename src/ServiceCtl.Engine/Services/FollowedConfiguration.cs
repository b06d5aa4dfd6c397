using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration;

namespace ServiceCtl.Engine.Services;

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
    private readonly SemaphoreSlim _reading = new(1);
    private readonly CancellationTokenSource _end = new();
    private ConfigMapping? _lastRight;
    private string? _lastRefusal;

    /// <param name="service">The name it goes by.</param>
    /// <param name="configPath">Absolute.</param>
    /// <param name="lastRight">What it says now; null when that is wrong.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rearm">Called before each reading: the way to the files may be another one.</param>
    /// <param name="report">Hears what changed.</param>
    public FollowedConfiguration(
        string service, string configPath, ConfigMapping? lastRight, TimeProvider time, Action<FollowedConfiguration> rearm, Action<ConfigurationUpdate> report)
    {
        _service = service;
        _configPath = configPath;
        _lastRight = lastRight;
        _rearm = rearm;
        _report = report;
        _period = new QuietPeriod(time, Quiet, Longest, () => _ = ReadAsync());
    }

    /// <summary>The folders and names whose change is of interest.</summary>
    public IReadOnlySet<(string Folder, string Name)> Trail { get; set; } = new HashSet<(string, string)>();

    public IReadOnlySet<(string Folder, string Name)> FindWatchPoints() => ServiceSources.FilesOf(_configPath).SelectMany(WatchPoints.Of).ToHashSet();

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
            Accept(await ServiceDefinitionReader.ReadWithConfigurationAsync(_configPath, _service, _end.Token));
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
