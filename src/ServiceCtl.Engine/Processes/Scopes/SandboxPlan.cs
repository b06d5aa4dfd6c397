using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>How each part of a sandbox is put in force on this host, and which is not, and why.</summary>
internal sealed class SandboxPlan
{
    private const string NoNewPrivileges = "no_new_privileges";
    private const string KeptCapabilities = "capabilities";
    private const string Mounts = "mount namespace";
    private const string Rules = "Landlock";

    private static readonly string[] Temporary = ["/tmp", "/var/tmp"];
    private static readonly string[] Homes = ["/home", "/root", "/run/user"];

    private readonly List<AppliedProtection> _applied = [];
    private ulong _bound = ulong.MaxValue;

    private SandboxPlan()
    {
    }

    internal IReadOnlyList<AppliedProtection> Applied => _applied;

    /// <summary>Options of setpriv(1).</summary>
    internal List<string> Options { get; } = [];

    /// <summary>Null: it sees what the agent sees.</summary>
    internal FileSystemView? View { get; private set; }

    /// <param name="rule">What is wished for.</param>
    /// <param name="user">Whom it will run as, if that is another user than this process's.</param>
    internal static SandboxPlan Of(ScopeSandbox rule, LoginUser? user)
    {
        SandboxPlan plan = new();
        if (rule.NoNewPrivileges ?? user is not null)
        {
            plan.Options.Add("--no-new-privs");
            plan.Add(NoNewPrivileges, "yes", "prctl");
        }

        if ((rule.Capabilities ?? (user is null ? null : [])) is { } kept && !kept.Contains(ScopeSandbox.All))
            plan.Keep(kept, user is not null);
        plan.Arrange(rule, user);
        return plan;
    }

    /// <summary>
    /// The same of a process that another agent has started, perhaps one that did not know of it: what the kernel says counts.
    /// </summary>
    internal SandboxPlan AsFound(int pid)
    {
        if (_applied.Count == 0 || ProcFs.ReadPrivileges(pid) is not { } privileges)
            return this;
        SandboxPlan found = new();
        bool hasMounts = ProcFs.MountsOf(pid) is { } mounts && mounts != ProcFs.MountsOf(Environment.ProcessId);
        found._applied.AddRange(_applied.Select(protection => protection.Name switch
        {
            _ when protection.By is null => protection,
            NoNewPrivileges when privileges.CanGain => Lost(protection),
            KeptCapabilities when privileges.Bound != _bound => Lost(protection),
            _ when protection.By == Mounts && !hasMounts => Lost(protection),
            // The kernel does not tell who is under which rules; nobody is without having given up new privileges.
            _ when protection.By == Rules && privileges.CanGain => Lost(protection),
            _ => protection,
        }));
        return found;
    }

    private static AppliedProtection Lost(AppliedProtection protection) =>
        protection with { By = null, Note = "it was started without; from its next restart on it is in force" };

    private void Keep(IReadOnlyList<string> names, bool isOtherUser)
    {
        string text = names.Count == 0 ? "none" : string.Join(", ", names);
        if (!Capabilities.CanBeTaken)
        {
            Add(KeptCapabilities, text, by: null, "only root's agent may take them away (CAP_SETPCAP)");
            return;
        }

        // What this process lacks itself, as in a container, it can't hand on.
        ulong own = Capabilities.Own;
        string[] given = [.. names.Where(name => (Capabilities.MaskOf([name]) & own) != 0)];
        string set = string.Join(',', given.Select(name => "+" + name).Prepend("-all"));
        Options.AddRange([$"--bounding-set={set}", $"--inh-caps={(isOtherUser ? set : "-all")}"]);
        // Root has them by being root; another user by these alone.
        if (isOtherUser && given.Length > 0)
            Options.Add($"--ambient-caps={set}");
        _bound = Capabilities.MaskOf(given);
        Add(KeptCapabilities, text, "bounding set",
            given.Length == names.Count ? null : $"{string.Join(", ", names.Except(given))}: this agent has none to give");
    }

    private void Arrange(ScopeSandbox rule, LoginUser? user)
    {
        if (rule is { PrivateTmp: false, ProtectHome: false, ReadOnly.Count: 0 })
            return;
        string? noMounts = MountNamespace.Lacking;
        bool isByRules = noMounts is not null && rule is not { ProtectHome: false, ReadOnly.Count: 0 };
        string? noRules = !isByRules ? null
            : rule.NoNewPrivileges == false ? "Landlock takes no_new_privileges" : Landlock.Lacking;
        string? lack = isByRules && noRules is not null ? $"{noMounts}; {noRules}" : isByRules ? null : noMounts;
        string? by = lack is not null ? null : isByRules ? Rules : Mounts;
        if (rule.PrivateTmp)
            Add("private_tmp", "yes", noMounts is null ? Mounts : null, noMounts);
        if (rule.ProtectHome)
            Add("protect_home", "yes", by, lack ?? (isByRules ? "homes are closed, not empty; folders above can't be listed" : null));
        if (rule.ReadOnly.Count > 0)
            Add("read_only", string.Join(", ", rule.ReadOnly), by,
                lack ?? (rule.ReadOnly.FirstOrDefault(path => !Path.Exists(path)) is { } missing ? $"{missing} is not there"
                    : isByRules ? "nothing new can be made in the folders above, either" : null));
        if (by == Rules && _applied.TrueForAll(protection => protection.Name != NoNewPrivileges))
            Add(NoNewPrivileges, "yes", "prctl");
        if (lack is null)
        {
            View = new FileSystemView
            {
                IsByLandlock = isByRules,
                Private = rule.PrivateTmp && !isByRules ? Temporary : [],
                Hidden = rule.ProtectHome ? Homes : [],
                ReadOnly = rule.ReadOnly,
                Kept = rule.Kept,
                Writable = rule.Writable,
                User = user,
            };
        }
    }

    private void Add(string name, string value, string? by, string? note = null) =>
        _applied.Add(new() { Name = name, Value = value, By = by, Note = note });
}
