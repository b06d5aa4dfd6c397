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

    /// <summary>
    /// Quoted, so that any login shell hands it on. Where the command may be is not in the PATH of every shell that is no login.
    /// </summary>
    private static string There(string words) => $"sh -c 'PATH=$PATH:/usr/local/bin:/usr/bin:$HOME/.local/bin; exec servicectl {words}'";

    /// <summary>Ctrl+C in the terminal is for us: an order is withdrawn over the channel, which would be gone.</summary>
    private const string OwnSession = "/usr/bin/setsid";

    public static TimeSpan ConnectingOf(PyServiceHost host) => host.ConnectingTimeout ?? DefaultConnecting;

    /// <param name="host">Which.</param>
    /// <param name="words">What servicectl is to do there.</param>
    public static ProcessStartInfo To(PyServiceHost host, string words)
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
        if (hasSession)
            start.ArgumentList.Add("ssh");
        foreach (var argument in Arguments(host, words))
            start.ArgumentList.Add(argument);
        return start;
    }

    internal static IEnumerable<string> Arguments(PyServiceHost host, string words) =>
    [
        "-T", "-a", "-x", "-e", "none", "-S", "none",
        // Of an option that is given twice, ssh takes the first.
        .. Option("BatchMode", "yes"), .. Option("ControlMaster", "no"), .. Option("ClearAllForwardings", "yes"),
        .. Option("PermitLocalCommand", "no"), .. Option("RemoteCommand", "none"),
        .. (host.Options ?? new Dictionary<string, string>()).SelectMany(option => Option(option.Key, option.Value)),
        .. Option("ConnectTimeout", Math.Ceiling(ConnectingOf(host).TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        .. Option("ServerAliveInterval", "5"), .. Option("ServerAliveCountMax", "3"),
        .. host.UserName is { } user ? ["-l", user] : Array.Empty<string>(),
        .. host.Port is { } port ? ["-p", port.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        .. host.KeyFilePath is { } key ? ["-i", key] : Array.Empty<string>(),
        "--", host.Address, There(words),
    ];

    private static IEnumerable<string> Option(string name, string value) => ["-o", $"{name}={value}"];
}
