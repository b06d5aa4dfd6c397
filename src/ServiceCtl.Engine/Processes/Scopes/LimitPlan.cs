using System.Buffers.Text;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>
/// What holds each limit of a generation: its cgroup where that has the controller, for memory one of version 1 as well, else a limit of
/// setrlimit(2), which is for each process by itself, else nothing.
/// </summary>
/// <remarks>
/// Memory without a controller is <c>RLIMIT_DATA</c>: since Linux 4.7 it counts what a process has for writing and for itself, which is
/// near to what it uses. <c>RLIMIT_AS</c> counts mapped addresses, and programs of many threads or of a garbage collector map many times
/// what they use.
/// </remarks>
internal sealed class LimitPlan
{
    private const int CpuPeriod = 100_000; // microseconds

    private readonly List<(AppliedLimit Limit, string File, string Text)> _controls = [];
    private (AppliedLimit Limit, string File, string Text)? _memory;

    private LimitPlan()
    {
    }

    internal List<AppliedLimit> Applied { get; } = [];

    /// <summary>Options of prlimit(1).</summary>
    internal List<string> Options { get; } = [];

    /// <param name="limits">What is wished for.</param>
    /// <param name="controllers">Those of the generation's cgroup; none where it has no cgroup.</param>
    /// <param name="user">Whom it will run as.</param>
    /// <param name="runsAsRoot">Whether that is root.</param>
    /// <param name="hasMemoryGroup">Whether it has a group of version 1 for its memory.</param>
    internal static LimitPlan Of(
        ScopeLimits limits, IReadOnlySet<string> controllers, string user, bool runsAsRoot, bool hasMemoryGroup = false)
    {
        LimitPlan plan = new();
        if (limits.MemoryBytes is { } bytes)
        {
            if (controllers.Contains("memory"))
                plan.Control("memory", bytes, "memory.max", Text(bytes));
            else if (hasMemoryGroup)
                plan.ControlMemory(bytes);
            else
                plan.Rlimit("memory", bytes, ResourceLimit.Data, "data", "per process: no memory cgroup controller is available");
        }

        if (limits.CpuPercent is { } percent)
        {
            // The kernel takes no less than a millisecond.
            if (controllers.Contains("cpu"))
                plan.Control("cpu", percent, "cpu.max", $"{Text(Math.Max(1000, (long)(percent / 100 * CpuPeriod)))} {Text(CpuPeriod)}");
            else
                plan.Applied
                    .Add(new()
                    {
                        Name = "cpu",
                        Value = percent,
                        Note = "no cpu controller of cgroup v2 is available, and no process limit can replace it"
                    });
        }

        if (limits.OpenFiles is { } files)
            plan.Rlimit("open_files", files, ResourceLimit.OpenFiles, "nofile", "per process");

        if (limits.Processes is { } processes)
        {
            if (controllers.Contains("pids"))
                plan.Control("processes", processes, "pids.max", Text(processes));
            else if (runsAsRoot)
                plan.Applied
                    .Add(new()
                    {
                        Name = "processes",
                        Value = processes,
                        Note = "no pids controller of cgroup v2 is available, and the kernel does not limit root's processes"
                    });
            else
                plan.Rlimit("processes", processes, ResourceLimit.Processes, "nproc",
                    $"counts all processes and threads of {user}, this service's or not");
        }

        return plan;
    }

    /// <summary>Writes those of the cgroups; one that the kernel refuses is reported in <see cref="Applied"/>.</summary>
    /// <param name="group">That of version 2; null: it has none.</param>
    /// <param name="memory">That of version 1 for memory; null: it has none.</param>
    internal void Write(Cgroup? group, Cgroup? memory)
    {
        foreach (var control in _controls)
            Write(group, control);
        if (_memory is { } limited)
            Write(memory, limited);
    }

    /// <summary>The same for a process that is not in a cgroup after all.</summary>
    /// <param name="reason">Why not in that of version 2; null: it is.</param>
    /// <param name="memoryReason">Why not in that for memory.</param>
    internal IReadOnlyList<AppliedLimit> AppliedOutside(string? reason, string? memoryReason)
    {
        HashSet<string> lost = reason is null ? [] : [.. _controls.Select(control => control.Limit.Name)];
        return
        [
            .. Applied.Select(limit => lost.Contains(limit.Name) ? limit with { By = null, Note = reason }
                : memoryReason is not null && limit.Name == _memory?.Limit.Name ? limit with { By = null, Note = memoryReason } : limit),
        ];
    }

    private void Write(Cgroup? group, (AppliedLimit Limit, string File, string Text) control)
    {
        if (group?.TryWrite(control.File, control.Text) is not 0 and int error)
            Applied[Applied.IndexOf(control.Limit)] =
                control.Limit with { By = null, Note = $"the kernel refused it: {SystemError.Text(error)}" };
    }

    private void ControlMemory(long bytes)
    {
        AppliedLimit limit = new() { Name = "memory", Value = bytes, By = "cgroup v1" };
        Applied.Add(limit);
        _memory = (limit, "memory.limit_in_bytes", Text(bytes));
    }

    private void Control(string name, double value, string file, string text)
    {
        AppliedLimit limit = new() { Name = name, Value = value, By = "cgroup v2" };
        Applied.Add(limit);
        _controls.Add((limit, file, text));
    }

    // Both soft and hard: the service is not meant to raise it.
    private void Rlimit(string name, long wished, ResourceLimit limit, string option, string note)
    {
        long value = Math.Min(wished, Highest(limit));
        Applied.Add(
            new()
            {
                Name = name,
                Value = value,
                By = "rlimit",
                Note = value == wished ? note : $"{note}; {wished} is more than this agent may give"
            });
        Options.Add(string.Create(CultureInfo.InvariantCulture, $"--{option}={value}:{value}"));
    }

    private static long Highest(ResourceLimit limit)
    {
        ulong highest = Rlimits.Read(Environment.ProcessId, limit).Hard is { } hard
            && !ProcFs.HasCapability(LinuxConstants.CapabilityResource)
            ? hard
            : long.MaxValue;

        // Not even root gives more files than this.
        if (limit == ResourceLimit.OpenFiles && Utf8Parser.TryParse(ProcFile.TryReadAll("/proc/sys/fs/nr_open"), out ulong most, out _))
            highest = Math.Min(highest, most);
        return (long)Math.Min(highest, long.MaxValue);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
