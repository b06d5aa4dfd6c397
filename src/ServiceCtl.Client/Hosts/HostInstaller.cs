using System.Diagnostics;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>Puts the command onto a host: whole, under a name that is its content's, or not at all. What runs there goes on.</summary>
internal static class HostInstaller
{
    private static readonly TimeSpan UploadLimit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan OrderLimit = TimeSpan.FromMinutes(3);

    /// <summary>An agent may still run one that is older.</summary>
    private const int Kept = 3;

    /// <param name="host">Where.</param>
    /// <param name="payload">What.</param>
    /// <param name="request">How.</param>
    /// <param name="cancellation">Stops; nothing half is left.</param>
    /// <exception cref="ServiceCtlException">It can't be reached; the command can't run there, or be put there.</exception>
    public static async Task<PyServiceHostInstallation> InstallAsync(
        PyServiceHost host, HostPayload payload, HostInstallationRequest request, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var facts = await HostFacts.ReadAsync(host, cancellation);
        if (facts.Requirements(payload.Machine).FirstOrDefault(check => check.Outcome == HostCheckOutcome.Failed) is { } lacking)
            throw Refused(host, lacking.Message, lacking.Advice!);
        var isRoots = facts.IsRoot || host.Sudo;
        var (library, bin) = isRoots ? ("/usr/local/lib/servicectl", "/usr/local/bin")
            : ($"{facts.Home}/.local/lib/servicectl", $"{facts.Home}/.local/bin");
        var folder = $"{library}/{payload.Hash}";
        var done = new PyServiceHostInstallation
        {
            HostName = host.HostName,
            Version = ProductVersion.Text,
            Path = $"{folder}/servicectl",
            Link = $"{bin}/servicectl",
            Change = HostInstallationChange.None,
        };
        if (facts.Target != done.Path)
        {
            // Somebody else's installation is theirs to replace, and would be found before ours.
            if (facts.Command is { } other && other != done.Link)
            {
                if (facts.Version != ProductVersion.Text)
                {
                    var state = facts.Version is { } found ? $"is version {found}" : "can't be run";
                    throw Refused(host, $"{other} there {state}, and a shell finds it before {done.Link}.",
                        "Upgrade the package there, or remove it.");
                }

                done = done with { Path = facts.Target, Link = other };
            }
            else
            {
                if (!facts.CanUnpack)
                    throw Refused(host, "It has no tar, or no gzip, to unpack the command with.", "Install tar and gzip there.");
                done = done with { Change = request.DryRun ? HostInstallationChange.Planned : HostInstallationChange.Copied };
            }
        }

        var notes = facts.Circumstances().Where(check => check.Outcome == HostCheckOutcome.Warning && (check.Name != "sudo"))
            .Select(check => $"{check.Message} {check.Advice}").ToList();
        if (request.DryRun)
            return done with { Notes = notes, Duration = clock.Elapsed };

        long sent = 0;
        if (done.Change == HostInstallationChange.Copied)
            sent = await UploadAsync(host, payload, folder, done.Link, cancellation);
        if (request.AtBoot)
            notes.AddRange(await AtBootAsync(host, cancellation));
        return done with { Notes = notes, SentBytes = sent, Duration = clock.Elapsed };
    }

    private static async Task<long> UploadAsync(
        PyServiceHost host, HostPayload payload, string folder, string link, CancellationToken cancellation)
    {
        var sudo = host.Sudo ? "sudo -n " : "";
        // Unpacked beside its place, run once, and then moved there. The link is replaced, never missing.
        const string Put = "set -e; umask 022; d=$1; l=$2; p=${d%/*}; mkdir -p \"$p\" \"${l%/*}\"; t=$d.$$; rm -rf \"$t\"; mkdir \"$t\"; "
            + "trap \"rm -rf $t\" EXIT; tar -xzf - -C \"$t\"; \"$t/servicectl\" version >/dev/null; "
            + "[ -d \"$d\" ] || mv -T \"$t\" \"$d\"; ln -sfn \"$d/servicectl\" \"$l.$$\"; mv -fT \"$l.$$\" \"$l\"; touch \"$d\"; ";
        var prune = FormattableString.Invariant($"ls -1dt \"$p\"/*/ | tail -n +{Kept + 1} | xargs -r rm -rf");
        var packed = await payload.PackAsync().WaitAsync(cancellation);
        var answer = await HostShell.RunAsync(
            host, $"{sudo}{SshCommand.InShell(Put + prune)} sh {SshCommand.Quote(folder)} {SshCommand.Quote(link)}",
            pipe => pipe.WriteAsync(packed, cancellation).AsTask(), UploadLimit, cancellation);
        return answer.Code == 0 ? packed.Length : throw (host.Sudo ? SshFailure.OfSudo(host, answer.Errors) : null)
            ?? Refused(host, $"The command can't be put there: {SshFailure.LastLine(answer.Errors)}", "Nothing was changed.");
    }

    /// <summary>Has the agent of a host start at boot. Units are files of that host: the command there makes them.</summary>
    /// <returns>What still keeps it from that.</returns>
    /// <exception cref="ServiceCtlException">The host can't be reached, or the unit can't be made.</exception>
    public static async Task<IReadOnlyList<string>> AtBootAsync(PyServiceHost host, CancellationToken cancellation)
    {
        var answer = await HostShell.RunAsync(
            host, SshCommand.ServiceCtl(host, ["agent", "start", "--at-boot"]), null, OrderLimit, cancellation);
        return answer.Code == 0
            ? [.. answer.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(VisibleText.Line)]
            : throw Refused(host, $"The agent was not set up to start at boot: {SshFailure.LastLine(answer.Errors)}",
                "The command is there; see 'servicectl agent start --at-boot' on the host.");
    }

    private static ServiceCtlException Refused(PyServiceHost host, string message, string advice) => new(new ErrorReport
    {
        Code = ErrorCode.System,
        Target = host.HostName,
        HostName = host.HostName,
        Message = message,
        Advice = advice,
    });
}
