using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>What a host says of itself to a plain shell, without a <c>servicectl</c>.</summary>
internal sealed class HostFacts
{
    /// <summary>Debian 12 and RHEL 9 have these or newer.</summary>
    private static readonly Version OldestGlibc = new(2, 34);

    /// <summary>Before it, a shell may print what it likes.</summary>
    private const string Mark = "servicectl-facts";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(2);

    // Words only: what is between quotes has to come through any login shell.
    private const string Script = SshCommand.SetPath + "; echo " + Mark + "; echo clock=$(date +%s.%N); echo system=$(uname -s); "
        + "echo machine=$(uname -m); echo user=$(id -un); echo uid=$(id -u); echo home=$HOME; "
        + "echo glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null); [ -e /var/lib/systemd/linger/$(id -un) ] && echo linger=yes; "
        + "[ -d /run/systemd/system ] && echo systemd=yes; command -v tar >/dev/null && command -v gzip >/dev/null && echo tar=yes; "
        + "echo command=$(command -v servicectl); echo target=$(readlink -f \"$(command -v servicectl)\" 2>/dev/null); "
        + "echo version=$(servicectl version 2>&1 | head -n 1); "
        + "if [ $(id -u) != 0 ]; then echo sudo=$(sudo -n true 2>&1 && echo yes); fi; echo end=yes";

    /// <summary>What the answer takes to come here counts as skew, too.</summary>
    private static readonly TimeSpan Uncertainty = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, string> _facts;

    private HostFacts(Dictionary<string, string> facts, TimeSpan skew)
    {
        _facts = facts;
        Skew = skew;
    }

    public bool IsRoot => Of("uid") == "0";

    public string User => Of("user");

    public string Home => Of("home");

    public string Machine => Of("machine");

    public bool CanUnpack => Of("tar") == "yes";

    /// <summary>By which path a shell there finds the command; null where there is none.</summary>
    public string? Command => Of("command") is { Length: > 0 } path ? path : null;

    /// <summary>Where that leads.</summary>
    public string Target => Of("target");

    /// <summary>Null where there is no command, or none that can be run.</summary>
    public string? Version => Command is not null && Of("version").Split(' ') is ["servicectl", var version] ? version : null;

    /// <summary>Of its clock, to ours.</summary>
    public TimeSpan Skew { get; }

    /// <exception cref="ServiceCtlException">The host can't be reached, does not let anybody in, or has no POSIX shell.</exception>
    public static async Task<HostFacts> ReadAsync(PyServiceHost host, CancellationToken cancellation)
    {
        var answer = await HostShell.RunAsync(host with { Sudo = false }, SshCommand.InShell(Script), null,
            Limit + (2 * SshCommand.ConnectingOf(host)), cancellation);
        var end = DateTimeOffset.UtcNow;
        var lines = answer.Output.Split('\n').Select(line => line.Trim()).SkipWhile(line => !line.EndsWith(Mark, StringComparison.Ordinal));
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                facts.TryAdd(line[..at], VisibleText.Line(line[(at + 1)..]));
        }

        if (!facts.ContainsKey("end"))
            throw SshFailure.Shell(host, answer.Errors.Length > 0 ? answer.Errors : answer.Output);
        // The clock is read first over there, and what comes after it is most of the time that passes here.
        var clock = double.TryParse(facts.GetValueOrDefault("clock"), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : end;
        return new HostFacts(facts, clock - end);
    }

    /// <summary>Can the command run there at all?</summary>
    /// <param name="machine">For which the command is made, in the words of <c>uname -m</c>.</param>
    public IEnumerable<HostCheck> Requirements(string machine)
    {
        yield return Of("system") == "Linux" && Machine == machine
            ? Passed("system", $"Linux on {Machine}")
            : new HostCheck
            {
                Name = "system",
                Outcome = HostCheckOutcome.Failed,
                Message = $"It is {Of("system")} on {Machine}; this servicectl is for Linux on {machine}.",
                Advice = $"install the servicectl for {Machine} there, from its package",
            };
        var glibc = Of("glibc").Split(' ');
        var has = glibc is ["glibc", var old] ? old : "another libc";
        yield return glibc is ["glibc", var text] && System.Version.TryParse(text, out var version) && version >= OldestGlibc
            ? Passed("glibc", text)
            : new HostCheck
            {
                Name = "glibc",
                Outcome = HostCheckOutcome.Failed,
                Message = $"servicectl needs glibc {OldestGlibc} or newer; this has {has}.",
                Advice = "Debian 12, Ubuntu 22.04 and RHEL 9 have it, and newer ones",
            };
    }

    /// <summary>What the host is like for whoever logs in.</summary>
    public IEnumerable<HostCheck> Circumstances()
    {
        if (!IsRoot)
        {
            yield return Of("sudo") == "yes"
                ? Passed("sudo", "without a password")
                : Warning("sudo", $"{User} can't become root without a password: {Of("sudo")}.",
                    "only root's agent needs it (--sudo): allow NOPASSWD in /etc/sudoers.d, or log in as root");
            yield return Linger();
        }

        var off = Skew.Duration() - Uncertainty;
        yield return off < MostSkew
            ? Passed("clock", "as here")
            : Warning("clock", string.Create(CultureInfo.InvariantCulture,
                $"It is {Math.Abs(Skew.TotalSeconds):0.0} s {(Skew < TimeSpan.Zero ? "behind" : "ahead of")} this host's."),
                "logs of several hosts are merged by their clocks: let an NTP client set it");
    }

    private HostCheck Linger() => Of("linger") == "yes" || Of("systemd") != "yes"
        ? Passed("linger", Of("linger") == "yes" ? "on" : "without systemd, nothing ends with a login")
        : Warning("linger", $"systemd ends everything of {User} with the last logout, services too.", $"loginctl enable-linger {User}");

    private string Of(string fact) => _facts.GetValueOrDefault(fact, "");

    internal static HostCheck Passed(string name, string message) =>
        new() { Name = name, Outcome = HostCheckOutcome.Passed, Message = message };

    internal static HostCheck Warning(string name, string message, string advice) =>
        new() { Name = name, Outcome = HostCheckOutcome.Warning, Message = message, Advice = advice };
}
