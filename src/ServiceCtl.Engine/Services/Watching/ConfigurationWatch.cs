using System.Collections.Concurrent;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Watching;

/// <summary>
/// Follows the configuration files of many services, without polling, and tells what a change of them means. It changes nothing itself.
/// </summary>
internal sealed class ConfigurationWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<ConfigurationUpdate> _report;
    private readonly PathWatch _paths = new();
    private readonly ConcurrentDictionary<string, FollowedConfiguration> _followed = new(StringComparer.Ordinal);

    /// <param name="time">The clock.</param>
    /// <param name="report">Hears what changed; called on a thread of the pool.</param>
    /// <exception cref="ServiceCtlException">This user has too many inotify instances.</exception>
    public ConfigurationWatch(TimeProvider time, Action<ConfigurationUpdate> report)
    {
        _time = time;
        _report = report;
    }

    /// <param name="service">The name it goes by.</param>
    /// <param name="configPath">Absolute.</param>
    /// <param name="now">What it says now; null when that is wrong.</param>
    /// <param name="request">Tells, for each reading, what is to be read beside what the folder says.</param>
    /// <exception cref="ServiceCtlException">This user has too many inotify watches.</exception>
    public void Follow(string service, string configPath, ServiceReading? now, Func<SourceRequest>? request = null)
    {
        var followed = new FollowedConfiguration(
            new FollowedService(service, configPath, request ?? (() => SourceRequest.Usual)), now, _paths, _time, _report);
        if (_followed.TryAdd(service, followed))
            followed.Begin();
    }

    public void Forget(string service)
    {
        if (_followed.TryRemove(service, out var followed))
            followed.Dispose();
    }

    public void Dispose()
    {
        foreach (var followed in _followed.Values)
            followed.Dispose();
        _paths.Dispose();
    }
}
