using System.Globalization;
using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>What keeps a host from being reached, by what <c>ssh</c> and the command over there say.</summary>
internal static class SshFailure
{
    public const int OfSsh = 255;
    private const int NoCommand = 127;
    private const int NotExecutable = 126;

    public static ServiceCtlException NoSsh(PyServiceHost host, Exception error) => Unreachable(
        host, $"There is no ssh here, which reaches other hosts: {error.Message}", "Install OpenSSH's client (openssh-client).", error);

    public static ServiceCtlException Silent(PyServiceHost host, string silence, TimeSpan limit, Exception error) => Unreachable(
        host, string.Create(CultureInfo.InvariantCulture, $"The host {silence} within {limit.TotalSeconds:0} s."),
        $"Try 'ssh {host.HostName} true'; a slow host gets more time by '--connect-timeout'.", error);

    public static ServiceCtlException Noise(PyServiceHost host) => Unreachable(
        host, "What the host prints at a login has no end, so the command there can't be heard.",
        $"Let the start files of the shell there print nothing where there is no terminal: 'ssh {host.HostName} true' shows what they do.");

    public static ServiceCtlException Lost(PyServiceHost host, string words, Exception error) => Unreachable(
        host, $"The connection was lost in the middle: {LastLine(words)}",
        "What was ordered there may be done, or withdrawn: its status says it.", error);

    /// <summary>The command there has another language.</summary>
    public static ServiceCtlException OtherCommand(PyServiceHost host, string words) => Make(
        host, ErrorCode.InvalidState,
        $"The servicectl there does not understand this one (version {ProductVersion.Text}): {LastLine(words)}",
        $"Install the same version on both: 'servicectl hosts test {host.HostName}' compares them.", null);

    /// <summary>What answers is no POSIX shell.</summary>
    public static ServiceCtlException Shell(PyServiceHost host, string words) => Unreachable(
        host, $"The host accepted the login, but its shell gave no answer: {LastLine(words)}",
        $"See what 'ssh {host.HostName} sh -c true' says.");

    /// <summary>Null where the command over there was run, whatever came of it.</summary>
    public static ServiceCtlException? OfCommand(PyServiceHost host, int code, string words) =>
        code is NoCommand or NotExecutable || OfSudo(host, words) is not null ? Of(host, code, words, version: null) : null;

    /// <summary>Null where it was not sudo that refused.</summary>
    public static ServiceCtlException? OfSudo(PyServiceHost host, string words) =>
        host.Sudo && words.Contains("sudo:", StringComparison.Ordinal)
            ? Make(host, ErrorCode.AuthenticationFailed, $"Root's agent is not to be had: {LastLine(words)}",
                "Passwords are never asked for. Allow that user NOPASSWD in /etc/sudoers.d there, log in as root, or leave sudo out.", null)
            : null;

    /// <summary>The command over there has spoken, and can't connect to its agent.</summary>
    public static ServiceCtlException Refused(PyServiceHost host, string? version, string answer)
    {
        try
        {
            if (answer.StartsWith(DialWords.Failed, StringComparison.Ordinal)
                && JsonSerializer.Deserialize(answer.AsSpan(DialWords.Failed.Length), DialJson.Default.ErrorReport) is { } report)
                return new ServiceCtlException(report with { HostName = host.HostName });
        }
        catch (JsonException)
        {
            // It says something else.
        }

        return Unreachable(host, $"The command there is of version {version}, and answers what version {ProductVersion.Text} here does not "
            + "understand.", "Install the same version on both.");
    }

    /// <param name="host">Which.</param>
    /// <param name="code">ssh's exit code, which is that of the command over there, or 255; null where ssh lives.</param>
    /// <param name="words">What it said on standard error.</param>
    /// <param name="version">Of the command over there; null where it has not spoken.</param>
    public static ServiceCtlException Of(PyServiceHost host, int? code, string words, string? version)
    {
        var name = host.HostName;
        return code switch
        {
            OfSsh when Says("REMOTE HOST IDENTIFICATION HAS CHANGED") => Error(ErrorCode.HostUntrusted,
                "The host shows another key than the one that is known: somebody may be between, or it was made new. Nothing was sent.",
                "Ask whoever runs that host. If its key is really new, 'ssh-keygen -R' removes the old one."),
            OfSsh when Says("Host key verification failed") || Says("host key is known for") => Error(ErrorCode.HostUntrusted,
                "The host's key is not known here. Nothing was sent.",
                $"Connect once by hand ('ssh {name}') and compare the key, or put it into known_hosts."),
            OfSsh when Says("Permission denied") || Says("Too many authentication failures") => Error(ErrorCode.AuthenticationFailed,
                $"The host does not let this user in without a password: {LastLine(words)}",
                $"Passwords are never asked for. Give it your key ('ssh-copy-id {name}'), or load it into your ssh-agent."),
            OfSsh => Unreachable(host, $"The host can't be reached: {LastLine(words)}", $"See what 'ssh {name} true' says."),
            _ when OfSudo(host, words) is { } refusal => refusal,
            NoCommand or NotExecutable => Unreachable(
                host, $"There is no servicectl that this user can run: {LastLine(words)}",
                $"'servicectl hosts install {name}' copies this one there; its package does it as well."),
            _ when version is not null => Unreachable(
                host, $"The connection was lost before the agent answered: {LastLine(words)}", "Try it again."),
            _ => Unreachable(
                host, $"The servicectl there can't be asked by version {ProductVersion.Text}: {LastLine(words)}",
                $"It may be too old for '--host': 'ssh {name} servicectl version' says which it is."),
        };

        bool Says(string text) => words.Contains(text, StringComparison.OrdinalIgnoreCase);

        ServiceCtlException Error(ErrorCode error, string message, string advice) => Make(host, error, message, advice, null);
    }

    private static ServiceCtlException Unreachable(PyServiceHost host, string message, string advice, Exception? inner = null) =>
        Make(host, ErrorCode.HostUnreachable, message, advice, inner);

    private static ServiceCtlException Make(PyServiceHost host, ErrorCode code, string message, string advice, Exception? inner) =>
        new(new ErrorReport { Code = code, Target = host.HostName, Message = message, Advice = advice, HostName = host.HostName }, inner);

    public static string LastLine(string words) =>
        words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last]
            ? VisibleText.Line(last) : "it said nothing";
}
