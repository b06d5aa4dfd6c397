using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>What root's power is divided into. https://man7.org/linux/man-pages/man7/capabilities.7.html</summary>
internal static class Capabilities
{
    /// <summary>Their names, as setpriv(1) takes them, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
        "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
        "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
        "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
        "checkpoint_restore",
    ];

    /// <summary>Those that this process can hand on.</summary>
    public static ulong Own => ProcFs.ReadPrivileges(Environment.ProcessId)?.Bound ?? 0;

    /// <summary>May this process take capabilities from what it starts?</summary>
    public static bool CanBeTaken => ProcFs.HasCapability(LinuxConstants.CapabilityBounds);

    public static ulong MaskOf(IEnumerable<string> names) =>
        names.Aggregate(0ul, (mask, name) => mask | (1ul << Names.TakeWhile(other => other != name).Count()));
}
