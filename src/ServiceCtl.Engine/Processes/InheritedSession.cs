using System.Globalization;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// What a process has of the session that started it, and hands on to all that it starts: umask, limits, priority, and the variables that
/// say who and where somebody is. An agent lays them off, so that services get the same whoever needed it first.
/// </summary>
public static class InheritedSession
{
    /// <summary>What login(1) and systemd begin with.</summary>
    public const string StandardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Also where the rights are another user's, whose own umask nobody knows.</summary>
    internal const uint UsualMask = 0b000_010_010;

    /// <summary>More than a server needs, and few enough for programs that close every number they may have.</summary>
    internal const ulong UsualFiles = 65536;

    /// <summary>systemd's own hard limit.</summary>
    private const ulong MostFiles = 524288;

    private const ulong UsualStack = 8 << 20;

    private static readonly ResourceLimit[] Unlimited =
        [ResourceLimit.ProcessorSeconds, ResourceLimit.FileSize, ResourceLimit.Data, ResourceLimit.Processes, ResourceLimit.AddressSpace];

    /// <summary>Lays them off. What this user may not raise again stays as low as the session had it.</summary>
    public static void Reset()
    {
        _ = Libc.SetFileMask(UsualMask);
        ResetPriority();
        var mayRaise = ProcFs.HasCapability(LinuxConstants.CapabilityResource);
        foreach (var limit in Unlimited)
            Set(limit, ulong.MaxValue, ulong.MaxValue, mayRaise);
        Set(ResourceLimit.OpenFiles, UsualFiles, MostFiles, mayRaise);
        Set(ResourceLimit.Stack, UsualStack, ulong.MaxValue, mayRaise);
        Set(ResourceLimit.CoreSize, 0, ulong.MaxValue, mayRaise);
        foreach (var (name, value) in Variables())
            Environment.SetEnvironmentVariable(name, value);
    }

    private static IEnumerable<(string Name, string? Value)> Variables()
    {
        var user = LoginUser.Find(Libc.GetEffectiveUid());
        var home = user?.HomeFolder ?? Environment.GetEnvironmentVariable("HOME") ?? "/";
        // Where pip, pipx and uv install for a user.
        var own = Path.Combine(home, ".local", "bin");
        yield return ("PATH", Directory.Exists(own) ? $"{StandardPath}:{own}" : StandardPath);
        yield return ("HOME", home);
        yield return ("SHELL", user?.Shell ?? "/bin/sh");
        yield return ("LANG", "C.UTF-8");
        yield return ("LC_ALL", null);
        yield return ("TMPDIR", null);
        // The host's own is in /etc/localtime.
        yield return ("TZ", null);
        if (user is not null)
        {
            yield return ("USER", user.Name);
            yield return ("LOGNAME", user.Name);
        }
    }

    /// <summary>Each thread has its own, and hands it on. Only root may be less nice than it was.</summary>
    private static void ResetPriority()
    {
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
            _ = Libc.SetPriority(LinuxConstants.PriorityOfProcess, uint.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), 0);
    }

    private static void Set(ResourceLimit limit, ulong soft, ulong hard, bool mayRaise)
    {
        var now = Rlimits.Read(Environment.ProcessId, limit).Hard ?? ulong.MaxValue;
        var highest = mayRaise ? Math.Max(now, hard) : now;
        try
        {
            Rlimits.Apply(Environment.ProcessId, limit, Math.Min(soft, highest), highest);
        }
        catch (Contracts.ServiceCtlException)
        {
            // A container may forbid even root to raise it; then what there is has to do.
            Rlimits.Apply(Environment.ProcessId, limit, Math.Min(soft, now), now);
        }
    }
}
