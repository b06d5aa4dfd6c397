using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Tells when a file is written, renamed, made or deleted. One inotify instance and one sleeping thread for all files: a user has few
/// instances, and a file that is written all the time costs one notice per question, not one per write.
/// </summary>
public sealed class FileChanges : IDisposable
{
    private const long InotifyKey = 1;
    private const int BufferSize = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Descriptor _inotify;
    private readonly EpollSet _epoll = new();
    private readonly Dictionary<int, List<TaskCompletionSource>> _waiting = [];
    private readonly Thread _thread;

    /// <exception cref="ServiceCtlException">The user has no inotify instance left.</exception>
    public FileChanges()
    {
        _inotify = Inotify.Open();
        _epoll.Add(_inotify, InotifyKey);
        _thread = new Thread(Run) { IsBackground = true, Name = "file changes" };
        _thread.Start();
    }

    /// <summary>
    /// Completes with the first change after this call; while there is no such file, with the first change of names in the nearest folder
    /// that is there.
    /// </summary>
    /// <exception cref="ServiceCtlException">It may not be read, or the user's watches are used up.</exception>
    public Task NextAsync(string path)
    {
        TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            int watch = Watch(path);
            if (!_waiting.TryGetValue(watch, out List<TaskCompletionSource>? waiting))
                _waiting[watch] = waiting = [];
            waiting.Add(next);
        }

        return next.Task;
    }

    /// <summary>Whoever still waits is woken as if there were a change.</summary>
    public void Dispose()
    {
        _epoll.Wake();
        _thread.Join();
        _inotify.Dispose();
        _epoll.Dispose();
        foreach (TaskCompletionSource next in _waiting.Values.SelectMany(waiting => waiting))
            next.TrySetResult();
    }

    private int Watch(string path)
    {
        string missing = path;
        while (true)
        {
            if (TryWatch(path, LinuxConstants.FileChanges) is { } file)
                return file;
            string folder = Path.GetDirectoryName(missing)!;
            if (TryWatch(folder, LinuxConstants.NameChanges) is not { } above)
            {
                missing = folder;
                continue;
            }

            // What was missing may have been made just before its folder was watched; whether it is there, the kernel says (a link may lead
            // nowhere).
            if (TryWatch(missing, missing == path ? LinuxConstants.FileChanges : LinuxConstants.NameChanges) is not { } made)
                return above;
            if (missing == path)
                return made;
            missing = path;
        }
    }

    /// <returns>Null when there is nothing of that name.</returns>
    private int? TryWatch(string path, uint changes)
    {
        int watch = Inotify.TryWatch(_inotify, path, changes | LinuxConstants.OneShot);
        return watch >= 0 ? watch : Marshal.GetLastPInvokeError() == Errno.NoEntry ? null : throw SystemError.Last($"watch {path}", path);
    }

    private void Run()
    {
        byte[] buffer = new byte[BufferSize];
        List<long> ready = [];
        while (true)
        {
            _epoll.Wait(ready);
            if (ready.Contains(EpollSet.WakeKey))
                return;
            ready.Clear();
            lock (_gate)
                Dispatch(buffer);
        }
    }

    private unsafe void Dispatch(byte[] buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint count = Libc.Read(_inotify, bytes, buffer.Length);
            // struct inotify_event: wd, mask, cookie, len, name[len]
            for (nint at = 0; at < count; at += 16 + *(int*)(bytes + at + 12))
            {
                if (!_waiting.Remove(*(int*)(bytes + at), out List<TaskCompletionSource>? waiting))
                    continue;
                foreach (TaskCompletionSource next in waiting)
                    next.TrySetResult();
            }
        }
    }
}
