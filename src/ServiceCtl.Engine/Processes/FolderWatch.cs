using System.Runtime.InteropServices;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Notices what happens to the names in thousands of folders, with one inotify descriptor and one thread that sleeps: files written and
/// closed, made, renamed, deleted, or whose permissions changed. (A FileSystemWatcher takes a descriptor each, and a user may have 128 of
/// them.)
/// </summary>
/// <remarks>https://man7.org/linux/man-pages/man7/inotify.7.html</remarks>
public sealed class FolderWatch : IDisposable
{
    private const long NotifyKey = 1;
    private const int BufferSize = 64 * 1024;

    /// <summary>struct inotify_event: watch, mask, cookie and the length of the name that follows, each of four bytes.</summary>
    private const int HeaderSize = 16;

    private const uint Interesting = LinuxConstants.NotifyAttributes | LinuxConstants.NotifyWritten | LinuxConstants.NotifyRenamed
        | LinuxConstants.NotifyMade | LinuxConstants.NotifyDeleted | LinuxConstants.NotifyFoldersOnly;

    private readonly Action<string?, string?> _changed;
    private readonly Descriptor _notify;
    private readonly EpollSet _epoll = new();
    private readonly Thread _thread;
    private readonly Lock _gate = new();

    /// <summary>Paths that lead to the same folder have one watch.</summary>
    private readonly Dictionary<int, HashSet<string>> _folders = [];
    private readonly Dictionary<string, (int Watch, int Users)> _watches = new(StringComparer.Ordinal);
    private int _disposed;

    /// <param name="changed">
    /// Hears the folder, as it was given, and the name in it; called on the watch's thread, so it has to be quick and must not throw.
    /// Without a name the folder itself is gone; without a folder the kernel has lost events, and anything may have changed.
    /// </param>
    public FolderWatch(Action<string?, string?> changed)
    {
        _changed = changed;
        _notify = Inotify.Open();
        _epoll.Add(_notify, NotifyKey);
        _thread = new Thread(Watch) { IsBackground = true, Name = "folder watch" };
        _thread.Start();
    }

    /// <summary>Watches a folder; as often as it is asked for, it has to be removed.</summary>
    /// <returns>False when there is no such folder, or it may not be read.</returns>
    /// <exception cref="ServiceCtlException">The user has too many watches.</exception>
    public bool TryAdd(string folder)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(folder, out var known))
            {
                _watches[folder] = known with { Users = known.Users + 1 };
                return true;
            }

            var watch = Inotify.TryWatch(_notify, folder, Interesting);
            if (watch < 0)
                return false;

            _watches.Add(folder, (watch, 1));
            if (!_folders.TryGetValue(watch, out var paths))
                _folders.Add(watch, paths = new HashSet<string>(StringComparer.Ordinal));
            paths.Add(folder);
            return true;
        }
    }

    public void Remove(string folder)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(folder, out var known))
                return;
            _watches[folder] = known with { Users = known.Users - 1 };
            if (known.Users > 1)
                return;
            _watches.Remove(folder);
            if (!_folders.TryGetValue(known.Watch, out var paths) || !paths.Remove(folder) || paths.Count > 0)
                return;
            _folders.Remove(known.Watch);
            // Fails where the folder is gone, and its watch with it.
            _ = Libc.InotifyRemoveWatch(_notify, known.Watch);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _epoll.Wake();
        _thread.Join();
        _epoll.Dispose();
        _notify.Dispose();
    }

    private void Watch()
    {
        var keys = new List<long>();
        var buffer = new byte[BufferSize];
        while (true)
        {
            keys.Clear();
            _epoll.Wait(keys);
            if (keys.Contains(EpollSet.WakeKey))
                return;
            Dispatch(buffer.AsSpan(0, Read(buffer)));
        }
    }

    private unsafe int Read(byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            var count = Libc.Read(_notify, start, buffer.Length);
            if (count >= 0)
                return (int)count;
            return Marshal.GetLastPInvokeError() is Errno.Interrupted or Errno.TryAgain
                ? 0 : throw SystemError.Last("read what happened in watched folders");
        }
    }

    private void Dispatch(ReadOnlySpan<byte> events)
    {
        while (events.Length >= HeaderSize)
        {
            var watch = MemoryMarshal.Read<int>(events);
            var mask = MemoryMarshal.Read<uint>(events[4..]);
            var length = MemoryMarshal.Read<int>(events[12..]);
            var name = Encoding.UTF8.GetString(events.Slice(HeaderSize, length).TrimEnd((byte)0));
            events = events[(HeaderSize + length)..];

            if ((mask & LinuxConstants.NotifyLost) != 0)
                _changed(null, null);
            else if ((mask & LinuxConstants.NotifyGone) != 0)
                ReportGone(watch);
            else if (name.Length > 0)
                ReportAll(watch, name);
        }
    }

    private void ReportAll(int watch, string? name)
    {
        string[] folders;
        lock (_gate)
            folders = _folders.TryGetValue(watch, out var paths) ? [.. paths] : [];
        foreach (var folder in folders)
            _changed(folder, name);
    }

    /// <summary>The folder was deleted, and its watch with it; whoever wants the next one of that name has to ask again.</summary>
    private void ReportGone(int watch)
    {
        string[] folders;
        lock (_gate)
        {
            folders = _folders.Remove(watch, out var paths) ? [.. paths] : [];
            foreach (var folder in folders)
                _watches.Remove(folder);
        }

        foreach (var folder in folders)
            _changed(folder, null);
    }
}
