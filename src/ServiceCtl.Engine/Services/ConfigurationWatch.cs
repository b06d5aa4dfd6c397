using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services;

/// <summary>Follows the configuration files of many services, without polling, and tells what a change of them means. It changes nothing itself.</summary>
internal sealed class ConfigurationWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<ConfigurationNews> _tell;
    private readonly FolderWatch _folders;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, FollowedConfiguration> _followed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Folder, string Name), List<FollowedConfiguration>> _interested = [];

    /// <param name="time">The clock.</param>
    /// <param name="tell">Hears what changed; called on a thread of the pool.</param>
    /// <exception cref="ServiceCtlException">This user has too many inotify instances.</exception>
    public ConfigurationWatch(TimeProvider time, Action<ConfigurationNews> tell)
    {
        _time = time;
        _tell = tell;
        _folders = new FolderWatch(Hear);
    }

    /// <param name="service">The name it goes by.</param>
    /// <param name="configPath">Absolute.</param>
    /// <param name="now">What it says now; null when that is wrong.</param>
    /// <exception cref="ServiceCtlException">This user has too many inotify watches.</exception>
    public void Follow(string service, string configPath, ConfigMapping? now)
    {
        var followed = new FollowedConfiguration(service, configPath, now, _time, Arm, _tell);
        if (_followed.TryAdd(service, followed))
            Arm(followed);
    }

    public void Forget(string service)
    {
        if (!_followed.TryRemove(service, out var followed))
            return;
        followed.Dispose();
        Point(followed, new HashSet<(string, string)>());
    }

    public void Dispose()
    {
        _folders.Dispose();
        foreach (var followed in _followed.Values)
            followed.Dispose();
    }

    private void Arm(FollowedConfiguration followed) => Point(followed, followed.FindTrail());

    private void Point(FollowedConfiguration followed, IReadOnlySet<(string Folder, string Name)> trail)
    {
        lock (_gate)
        {
            foreach (var point in followed.Trail.Except(trail))
            {
                _folders.Remove(point.Folder);
                if (_interested[point].Remove(followed) && _interested[point].Count == 0)
                    _interested.Remove(point);
            }

            // A folder that is not there is asked for again when the one above it changes.
            var watched = trail.Where(point => followed.Trail.Contains(point) || _folders.TryAdd(point.Folder)).ToHashSet();
            foreach (var point in watched.Except(followed.Trail))
            {
                if (!_interested.TryGetValue(point, out var all))
                    _interested.Add(point, all = []);
                all.Add(followed);
            }

            followed.Trail = watched;
        }
    }

    private void Hear(string? folder, string? name)
    {
        FollowedConfiguration[] concerned;
        lock (_gate)
        {
            if (folder is not null && name is not null)
                concerned = _interested.TryGetValue((folder, name), out var all) ? [.. all] : [];
            else
                concerned = [.. _interested.Where(point => folder is null || point.Key.Folder == folder).SelectMany(point => point.Value).Distinct()];

            // The watch is gone with its folder: whoever had it has to ask for it again.
            if (folder is not null && name is null)
            {
                foreach (var followed in concerned)
                {
                    var lost = followed.Trail.Where(point => point.Folder == folder).ToHashSet();
                    followed.Trail = followed.Trail.Except(lost).ToHashSet();
                    foreach (var point in lost)
                        _interested.Remove(point);
                }
            }
        }

        foreach (var followed in concerned)
            followed.Signal();
    }
}
