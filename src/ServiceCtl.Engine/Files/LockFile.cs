namespace ServiceCtl.Engine.Files;

/// <summary>An exclusive lock between processes (flock): given back when the holder disposes of it, or dies.</summary>
public sealed class LockFile : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;

    private LockFile(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock, or returns null when somebody else has it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="user">With whose rights, where others than root can change the folder; null: this process's own.</param>
    public static LockFile? TryAcquire(string path, FileActor? user = null) =>
        UserFiles.Use(user, Path.GetDirectoryName(Path.GetFullPath(path))!, () => TryOpen(path));

    private static LockFile? TryOpen(string path)
    {
        try
        {
            // Whoever may open it may lock it.
            return new LockFile(new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (IOException error) when (error.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Waits for the lock. flock can't be awaited without a thread of its own, so a waiter asks again every 10 ms.</summary>
    public static async Task<LockFile> AcquireAsync(string path, CancellationToken cancellation, FileActor? user = null)
    {
        while (true)
        {
            if (TryAcquire(path, user) is { } taken)
                return taken;
            await Task.Delay(Retry, cancellation);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>EWOULDBLOCK: what .NET puts into <see cref="Exception.HResult"/> when flock finds the file taken.</summary>
    private const int WouldBlock = 11;
}
