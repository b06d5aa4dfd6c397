using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>
/// How <c>ssh</c> is called: it asks nothing, forwards nothing, shares no connection, and notices a host that has gone. Keys of hosts are
/// checked as ssh_config says, and never less.
/// </summary>
internal static class SshCommand
{
    public static readonly TimeSpan DefaultConnecting = TimeSpan.FromSeconds(10);

    /// <summary>Where the command may be is not in the PATH of every shell that is no login.</summary>
    public const string SetPath = "PATH=$PATH:/usr/local/bin:/usr/bin:$HOME/.local/bin";

    /// <summary>
    /// Ctrl+C in the terminal is for us: an order is withdrawn over the channel, which would be gone. Windows has groups for that, macOS
    /// no such command.
    /// </summary>
    private const string OwnSession = "/usr/bin/setsid";

    public static TimeSpan ConnectingOf(PyServiceHost host) => host.ConnectingTimeout ?? DefaultConnecting;

    /// <summary>A command over there, with everything it reads and writes in pipes.</summary>
    /// <param name="host">Where.</param>
    /// <param name="remote">What the login shell there is given.</param>
    public static ProcessStartInfo ToRun(PyServiceHost host, string remote)
    {
        var hasSession = File.Exists(OwnSession);
        var start = new ProcessStartInfo(hasSession ? OwnSession : "ssh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        if (OperatingSystem.IsWindows())
            start.CreateNewProcessGroup = true;
        if (hasSession)
            start.ArgumentList.Add("ssh");
        foreach (var argument in Arguments(host, "-T", remote))
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>A command over there that has our terminal, or our streams.</summary>
    /// <param name="host">Where.</param>
    /// <param name="remote">What the login shell there is given.</param>
    /// <param name="hasTerminal">Give it a terminal of its own over there.</param>
    public static ProcessStartInfo ToJoin(PyServiceHost host, string remote, bool hasTerminal) =>
        new("ssh", Arguments(host, hasTerminal ? "-tt" : "-T", remote)) { UseShellExecute = false };

    /// <summary><c>servicectl</c> with some words, for the login shell there.</summary>
    public static string ServiceCtl(PyServiceHost host, IEnumerable<string> words)
    {
        var sudo = host.Sudo ? "exec sudo -n -- \"$(command -v servicectl || echo servicectl)\"" : "exec servicectl";
        return $"{InShell($"{SetPath}; {sudo} \"$@\"")} servicectl {string.Join(' ', words.Select(Quote))}";
    }

    /// <summary>A script of one line, quoted so that any login shell hands it on to <c>sh</c>.</summary>
    public static string InShell(string script) => $"sh -c {Quote(script)}";

    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,@+".Contains(letter))
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    internal static IEnumerable<string> Arguments(PyServiceHost host, string terminal, string remote) =>
    [
        terminal, "-a", "-x", "-e", "none", "-S", "none",
        // Of an option that is given twice, ssh takes the first.
        .. Option("BatchMode", "yes"), .. Option("ControlMaster", "no"), .. Option("ClearAllForwardings", "yes"),
        .. Option("PermitLocalCommand", "no"), .. Option("RemoteCommand", "none"),
        .. (host.Options ?? new Dictionary<string, string>()).SelectMany(option => Option(option.Key, option.Value)),
        .. Option("ConnectTimeout", Math.Ceiling(ConnectingOf(host).TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        .. Option("ServerAliveInterval", "5"), .. Option("ServerAliveCountMax", "3"),
        .. host.UserName is { } user ? ["-l", user] : Array.Empty<string>(),
        .. host.Port is { } port ? ["-p", port.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        .. host.KeyFilePath is { } key ? ["-i", key] : Array.Empty<string>(),
        "--", host.Address, remote,
    ];

    private static IEnumerable<string> Option(string name, string value) => ["-o", $"{name}={value}"];
}
