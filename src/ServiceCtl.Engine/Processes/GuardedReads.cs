using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Looks at other processes that their owners can hold up for as long as they like: whoever keeps the memory of a process locked, or lets
/// it hang in the middle of an exec, by a file of a file system in user space that does not answer, keeps everybody waiting who reads its
/// environment, command line, figures or links. So that is done on a thread apart, one hand-over for however many processes. A thread that
/// is kept waiting is left behind, and another one goes on with the next process.
/// </summary>
/// <remarks>
/// The kernel gives such a thread free when the file system answers, or its server ends. Until then its process is not looked at, and of a
/// user who has several like that, nobody. So nobody costs more than a few threads.
/// </remarks>
internal static class GuardedReads
{
    private const int MostOfUser = 4;
    private const int MostAtAll = 64;
    private const int MostIdle = 2;

    // Of a slow disk, too, when memory was paged out. Each further process of the same look gets half of it.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(20);

    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, uint?> Stuck = [];
    private static readonly Stack<GuardedReader> Idle = [];
    private static volatile int _stuckCount;

    /// <summary>Looks at one process.</summary>
    /// <param name="pid">Which.</param>
    /// <param name="heldUp">The answer where it keeps whoever asks waiting.</param>
    /// <param name="read">Looks. Anything disposable that comes too late is disposed of.</param>
    internal static T Of<T>(int pid, T heldUp, Func<int, T> read)
    {
        if (GuardedReader.IsThisThread || pid == Environment.ProcessId)
            return read(pid);
        using GuardedPass<T> pass = new([pid], other => IsPassedOver(other, MostAtAll), read);
        return Finish(pass).TryGetValue(pid, out T? answer) ? answer : heldUp;
    }

    /// <summary>Looks at many processes.</summary>
    /// <returns>Without those that keep whoever asks waiting.</returns>
    internal static IReadOnlyDictionary<int, T> OfAll<T>(IEnumerable<int> pids, Func<int, T> read)
    {
        using GuardedPass<T> pass = new([.. pids], other => IsPassedOver(other, MostOfUser), read);
        return Finish(pass);
    }

    /// <summary>It is no longer stuck.</summary>
    internal static void Release(int pid)
    {
        lock (Gate)
        {
            Stuck.Remove(pid);
            _stuckCount = Stuck.Count;
        }
    }

    private static IReadOnlyDictionary<int, T> Finish<T>(GuardedPass<T> pass)
    {
        TimeSpan patience = Patience;
        while (!pass.IsOver)
        {
            if (GuardedReader.IsThisThread || TakeReader() is not { } reader)
            {
                // Where not one thread more is to be had, perhaps held up is better than blind for sure.
                pass.Run(null);
                continue;
            }

            pass.Begin(reader);
            if (Waits(pass, reader, patience))
                GiveBack(reader);
            else if (patience > LeastPatience)
                patience /= 2;
        }

        return pass.Answers();
    }

    /// <returns>False when the reader had to be left behind.</returns>
    private static bool Waits<T>(GuardedPass<T> pass, GuardedReader reader, TimeSpan patience)
    {
        int at = pass.At;
        while (!pass.WaitForEnd(patience))
        {
            // Where the machine is busy it may not have had its turn: who waits for a processor is not held up.
            if (pass.At == at && !reader.IsRunning() && Leaves(pass, at))
                return false;
            at = pass.At;
        }

        return true;
    }

    private static bool Leaves<T>(GuardedPass<T> pass, int at)
    {
        int pid = pass.PidAt(at);
        uint? user = UserOf(pid);
        lock (Gate)
        {
            // A reader that comes back has to pass here.
            if (!pass.Leave(at))
                return false;
            Stuck[pid] = user;
            _stuckCount = Stuck.Count;
            return true;
        }
    }

    private static bool IsPassedOver(int pid, int mostOfUser)
    {
        if (_stuckCount == 0)
            return false;
        uint? user = UserOf(pid);
        lock (Gate)
        {
            return Stuck.ContainsKey(pid)
                || (user != Libc.GetEffectiveUid()
                    && (Stuck.Count >= MostAtAll || Stuck.Values.Count(other => other == user) >= mostOfUser));
        }
    }

    /// <summary>The kernel keeps it outside of what can be held up.</summary>
    private static uint? UserOf(int pid) => FileFacts.TryOf($"/proc/{pid}")?.Owner;

    private static GuardedReader? TakeReader()
    {
        lock (Gate)
        {
            if (Idle.TryPop(out GuardedReader? reader))
                return reader;
        }

        return GuardedReader.TryStart();
    }

    private static void GiveBack(GuardedReader reader)
    {
        lock (Gate)
        {
            if (Idle.Count < MostIdle)
            {
                Idle.Push(reader);
                return;
            }
        }

        reader.Wake(null);
    }
}
