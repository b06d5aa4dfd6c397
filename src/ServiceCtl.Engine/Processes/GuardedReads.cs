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

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(100);

    // In uninterruptible sleep, all processes of a look together: in the middle of an innocent exec, too, on a busy machine, and for memory
    // that was paged out. Each that was left behind halves what is left for the others.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceWithOne = TimeSpan.FromSeconds(5);

    private static readonly Lock Gate = new();
    private static readonly Dictionary<GuardedReader, (int Pid, uint? User)> Stuck = [];
    private static readonly Stack<GuardedReader> Idle = [];
    private static volatile int _stuckCount;

    /// <summary>The same in any other sleep: a file system in user space, but also a garbage collection of ours.</summary>
    internal static TimeSpan PatienceAsleep { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Looks at one process.</summary>
    /// <param name="pid">Which.</param>
    /// <param name="heldUp">The answer where it keeps whoever asks waiting.</param>
    /// <param name="read">Looks. Anything disposable that comes too late is disposed of.</param>
    internal static T Of<T>(int pid, T heldUp, Func<int, T> read)
    {
        if (GuardedReader.IsThisThread || pid == Environment.ProcessId)
            return read(pid);
        using GuardedPass<T> pass = new([pid], other => IsPassedOver(other, MostAtAll), read);
        return Finish(pass, PatienceWithOne).TryGetValue(pid, out T? answer) ? answer : heldUp;
    }

    /// <summary>Looks at many processes.</summary>
    /// <returns>Without those that keep whoever asks waiting.</returns>
    internal static IReadOnlyDictionary<int, T> OfAll<T>(IEnumerable<int> pids, Func<int, T> read)
    {
        // Who lets go in time, again and again, is not to cost a moment for each of a thousand processes.
        Dictionary<uint, int> left = [];
        using GuardedPass<T> pass = new([.. pids], other => IsPassedOver(other, MostOfUser, left), read);
        return Finish(pass, Patience, left);
    }

    /// <summary>It is no longer stuck.</summary>
    internal static void Release(GuardedReader reader)
    {
        lock (Gate)
        {
            Stuck.Remove(reader);
            _stuckCount = Stuck.Count;
        }
    }

    private static IReadOnlyDictionary<int, T> Finish<T>(GuardedPass<T> pass, TimeSpan patience, Dictionary<uint, int>? left = null)
    {
        double share = 1;
        while (!pass.IsOver)
        {
            if (GuardedReader.IsThisThread || TakeReader() is not { } reader)
            {
                // Where not one thread more is to be had, perhaps held up is better than blind for sure.
                pass.Run(null);
                continue;
            }

            pass.Begin(reader);
            if (Waits(pass, reader, patience * share, PatienceAsleep * share, left))
                GiveBack(reader);
            else
                share /= 2;
        }

        return pass.Answers();
    }

    /// <returns>False when the reader had to be left behind.</returns>
    private static bool Waits<T>(
        GuardedPass<T> pass, GuardedReader reader, TimeSpan patience, TimeSpan patienceAsleep, Dictionary<uint, int>? left)
    {
        TimeSpan stuck = TimeSpan.Zero;
        TimeSpan asleep = TimeSpan.Zero;
        while (true)
        {
            int at = pass.At;
            if (pass.WaitForEnd(Glance))
                return true;
            // Where the machine is busy it may not have had its turn: who waits for a processor is not held up.
            switch (reader.State)
            {
                case 'D':
                    stuck += Glance;
                    break;
                case 'S':
                    asleep += Glance;
                    break;
                default:
                    continue;
            }

            if (pass.At == at && (stuck >= Least(patience) || asleep >= Least(patienceAsleep)) && Leaves(pass, reader, at, left))
                return false;
        }
    }

    private static TimeSpan Least(TimeSpan patience) => patience > LeastPatience ? patience : LeastPatience;

    private static bool Leaves<T>(GuardedPass<T> pass, GuardedReader reader, int at, Dictionary<uint, int>? left)
    {
        int pid = pass.PidAt(at);
        uint? user = UserOf(pid);
        lock (Gate)
        {
            // A reader that comes back has to pass here.
            if (!pass.Leave(at))
                return false;
            Stuck[reader] = (pid, user);
            if (left is not null && user is { } known)
                left[known] = left.GetValueOrDefault(known) + 1;
            _stuckCount = Stuck.Count;
            return true;
        }
    }

    private static bool IsPassedOver(int pid, int mostOfUser, Dictionary<uint, int>? left = null)
    {
        if (_stuckCount == 0 && left is not { Count: > 0 })
            return false;
        uint? user = UserOf(pid);
        lock (Gate)
        {
            return Stuck.Values.Any(stuck => stuck.Pid == pid)
                || (user != Libc.GetEffectiveUid()
                    && (Stuck.Count >= MostAtAll || Stuck.Values.Count(stuck => stuck.User == user) >= mostOfUser
                        || (user is { } known && left?.GetValueOrDefault(known) >= mostOfUser)));
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
