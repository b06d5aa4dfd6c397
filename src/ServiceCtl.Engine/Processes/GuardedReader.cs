namespace ServiceCtl.Engine.Processes;

/// <summary>A thread that may get stuck, and then ends as soon as it no longer is.</summary>
#pragma warning disable CA1001 // A semaphore that nobody asks for its handle holds nothing, and its thread may need it for ever.
internal sealed class GuardedReader
#pragma warning restore CA1001
{
    private const int StackBytes = 256 * 1024;

    [ThreadStatic]
    private static bool _isReader;

    private readonly SemaphoreSlim _wake = new(0);
    private IGuardedPass? _pass;
    private volatile string? _figures;

    private GuardedReader()
    {
    }

    /// <summary>Whether the caller is one.</summary>
    internal static bool IsThisThread => _isReader;

    /// <returns>Null when not one thread more is to be had.</returns>
    internal static GuardedReader? TryStart()
    {
        GuardedReader reader = new();
        try
        {
            new Thread(reader.Work, StackBytes) { IsBackground = true, Name = "reads processes" }.Start();
            return reader;
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            return null;
        }
    }

    /// <param name="pass">What it is to do; null: end.</param>
    internal void Wake(IGuardedPass? pass)
    {
        _pass = pass;
        _wake.Release();
    }

    /// <summary>The letter of proc(5). As long as it has not begun it is <c>R</c>: it would if it had a processor.</summary>
    internal char State
    {
        get
        {
            if (_figures is not { } path)
                return 'R';
            Span<byte> line = stackalloc byte[1024];
            int length = ProcFile.TryRead(path, line);
            return length > 0 && StatLine.Parse(line[..length]) is { } figures ? figures.State : 'R';
        }
    }

    private void Work()
    {
        _isReader = true;
        _figures = ProcFile.TryReadLink("/proc/thread-self") is { } thread ? $"/proc/{thread}/stat" : null;
        while (true)
        {
            _wake.Wait();
            if (_pass is not { } pass)
                return;
            if (!pass.Run(this))
            {
                GuardedReads.Release(this);
                return;
            }
        }
    }
}
