using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services.Watching;

/// <summary>
/// Notices when files, or links and folders on the way to them, change. One inotify descriptor for all of them; nothing polls.
/// </summary>
internal sealed class PathWatch : IDisposable
{
    /// <summary>Stands for all names in a folder.</summary>
    public const string AnyName = "*";

    private readonly FolderWatch _folders;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Folder, string Name), List<IFollowedFiles>> _interested = [];

    /// <exception cref="ServiceCtlException">This user has too many inotify instances.</exception>
    public PathWatch()
    {
        _folders = new FolderWatch(Receive);
    }

    /// <summary>Watches the way to the files as it is now; to be called before each reading, for it may be another one.</summary>
    /// <exception cref="ServiceCtlException">This user has too many inotify watches.</exception>
    public void Arm(IFollowedFiles followed) => Point(followed, followed.FindWatchPoints());

    public void Forget(IFollowedFiles followed) => Point(followed, new HashSet<(string, string)>());

    public void Dispose() => _folders.Dispose();

    private void Point(IFollowedFiles followed, IReadOnlySet<(string Folder, string Name)> trail)
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

    private void Receive(string? folder, string? name)
    {
        IFollowedFiles[] concerned;
        lock (_gate)
        {
            if (folder is not null && name is not null)
                concerned = [.. new[] { name, AnyName }.SelectMany(each => _interested.GetValueOrDefault((folder, each)) ?? []).Distinct()];
            else
                concerned = [
                    .. _interested.Where(point => folder is null || point.Key.Folder == folder).SelectMany(point => point.Value)
                        .Distinct()];

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
