using System.Runtime.ExceptionServices;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// One look at some processes, by one thread after the other: the next goes on behind the process that the last is stuck at.
/// </summary>
/// <param name="pids">Which.</param>
/// <param name="isPassedOver">Who is not to be looked at.</param>
/// <param name="read">Looks. Anything disposable that comes too late is disposed of.</param>
internal sealed class GuardedPass<T>(int[] pids, Func<int, bool> isPassedOver, Func<int, T> read) : IGuardedPass, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _end = new(pids.Length == 0);
    private readonly Dictionary<int, T> _answers = [];
    private GuardedReader? _reader;
    private ExceptionDispatchInfo? _failure;
    private volatile int _at;

    internal bool IsOver => _end.IsSet;

    internal int At => _at;

    internal int PidAt(int position) => pids[position];

    internal bool WaitForEnd(TimeSpan limit) => _end.Wait(limit);

    /// <summary>What came of it, once it is over.</summary>
    internal IReadOnlyDictionary<int, T> Answers()
    {
        _failure?.Throw();
        return _answers;
    }

    /// <summary>Gives it to a reader.</summary>
    internal void Begin(GuardedReader reader)
    {
        lock (_gate)
            _reader = reader;
        reader.Wake(this);
    }

    /// <summary>Takes it from a reader that is stuck.</summary>
    /// <returns>False when that has gone on meanwhile.</returns>
    internal bool Leave(int at)
    {
        lock (_gate)
        {
            if (_at != at || _end.IsSet)
                return false;
            _reader = null;
            MoveOn();
            return true;
        }
    }

    public bool Run(GuardedReader? reader)
    {
        while (true)
        {
            int pid;
            lock (_gate)
            {
                // What comes next is another's, for one that was left behind.
                if (_reader != reader)
                    return false;
                if (_end.IsSet)
                    return true;
                pid = pids[_at];
            }

            T? answer = default;
            ExceptionDispatchInfo? failure = null;
            bool isAsked = false;
            try
            {
                isAsked = !isPassedOver(pid);
                if (isAsked)
                    answer = read(pid);
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }

            if (!Keep(reader, pid, isAsked, answer!, failure))
            {
                (answer as IDisposable)?.Dispose();
                return false;
            }
        }
    }

    public void Dispose() => _end.Dispose();

    private bool Keep(GuardedReader? reader, int pid, bool isAsked, T answer, ExceptionDispatchInfo? failure)
    {
        lock (_gate)
        {
            if (_reader != reader)
                return false;
            _failure = failure;
            if (failure is not null)
                _end.Set();
            else if (isAsked)
                _answers[pid] = answer;
            if (failure is null)
                MoveOn();
            return true;
        }
    }

    private void MoveOn()
    {
        if (++_at == pids.Length)
            _end.Set();
    }
}
