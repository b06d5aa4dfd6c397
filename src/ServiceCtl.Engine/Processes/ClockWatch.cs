using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Tells when the wall clock was set, or the machine was asleep: timers of .NET run by a clock that knows of neither. A timer of the
/// kernel that never comes is cancelled by both. https://man7.org/linux/man-pages/man2/timerfd_create.2.html
/// </summary>
public sealed unsafe class ClockWatch : IDisposable
{
    private const long TimerKey = 1;

    private readonly EpollSet _epoll = new();
    private readonly Descriptor _timer;
    private readonly Action _changed;
    private readonly Thread _thread;

    /// <param name="changed">Is called on a thread of this watch.</param>
    public ClockWatch(Action changed)
    {
        _changed = changed;
        var number = Libc.TimerCreate(LinuxConstants.WallClock, LinuxConstants.OpenCloseOnExec | LinuxConstants.OpenNonBlocking);
        if (number < 0)
            throw SystemError.Last("make a timer");
        _timer = new Descriptor(number);
        Arm();
        _epoll.Add(_timer, TimerKey);
        _thread = new Thread(Run) { IsBackground = true, Name = "clock watch" };
        _thread.Start();
    }

    public void Dispose()
    {
        _epoll.Wake();
        _thread.Join();
        _timer.Dispose();
        _epoll.Dispose();
    }

    private void Arm()
    {
        // struct itimerspec: interval and value, seconds and nanoseconds each. The kernel's end of time.
        var times = stackalloc long[] { 0, 0, long.MaxValue / 1_000_000_000, 0 };
        if (Libc.TimerSet(_timer, LinuxConstants.AbsoluteTime | LinuxConstants.CancelWhenSet, times, null) != 0)
            throw SystemError.Last("set a timer");
    }

    private void Run()
    {
        List<long> ready = [];
        while (true)
        {
            _epoll.Wait(ready);
            if (ready.Contains(EpollSet.WakeKey))
                return;
            ready.Clear();
            // The failed read takes the notice, and the timer stays armed; it is armed once more for kernels that forget it.
            ulong expirations;
            _ = Libc.Read(_timer, (byte*)&expirations, sizeof(ulong));
            Arm();
            _changed();
        }
    }
}
