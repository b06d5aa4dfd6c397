using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>Other hosts themselves: are they fit to be asked, and made so.</summary>
public static class HostVerbs
{
    private static readonly TimeSpan ChecksLimit = TimeSpan.FromMinutes(3);

    /// <summary>Puts the command onto hosts, side by side. What one of them fails by is its own answer.</summary>
    /// <param name="hosts">Where.</param>
    /// <param name="executable">The command that is sent.</param>
    /// <param name="request">How.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="ServiceCtlException">The command that is to be sent is none.</exception>
    public static async IAsyncEnumerable<HostOutcome<PyServiceHostInstallation>> InstallAsync(
        IReadOnlyList<PyServiceHost> hosts, string executable, HostInstallationRequest request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var payload = await HostPayload.OfAsync(request.Command ?? executable, cancellation);
        await foreach (var done in Task.WhenEach(hosts.Select(host => AnswerAsync(
            host, () => HostInstaller.InstallAsync(host, payload, request, cancellation)))).WithCancellation(cancellation))
            yield return await done;
    }

    /// <inheritdoc cref="HostInstaller.AtBootAsync"/>
    public static Task<IReadOnlyList<string>> EnsureAtBootAsync(PyServiceHost host, CancellationToken cancellation) =>
        HostInstaller.AtBootAsync(host, cancellation);

    /// <summary>What a host is like, and what it lacks for its services: as it is asked, before the command there has to be.</summary>
    /// <param name="host">Which.</param>
    /// <param name="executable">The command that could be sent there.</param>
    /// <param name="ports">TCP ports that have to be free there.</param>
    /// <param name="repository">A repository that the keys there have to reach; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<IReadOnlyList<HostCheck>> CheckAsync(
        PyServiceHost host, string executable, IReadOnlyList<int> ports, string? repository, CancellationToken cancellation)
    {
        var checks = new List<HostCheck>();
        try
        {
            var clock = Stopwatch.StartNew();
            var facts = await HostFacts.ReadAsync(host, cancellation);
            checks.Add(HostFacts.Passed("reachable", string.Create(
                CultureInfo.InvariantCulture, $"as {facts.User}, in {clock.Elapsed.TotalSeconds:0.0} s")));
            checks.Add(HostFacts.Passed("key", "known, and no password is needed"));
            var machine = facts.Version is null ? HostPayload.MachineOf(executable) : facts.Machine;
            checks.AddRange(facts.Requirements(machine));
            checks.Add(CommandOf(facts));
            checks.AddRange(facts.Circumstances());
            if (facts.Version is not null)
                checks.AddRange(await AskAsync(host, ports, repository, cancellation));
        }
        catch (ServiceCtlException error)
        {
            checks.Add(new HostCheck
            {
                Name = error.Code is ErrorCode.HostUntrusted or ErrorCode.AuthenticationFailed ? "key" : "reachable",
                Outcome = HostCheckOutcome.Failed,
                Message = error.Message,
                Advice = error.Advice,
            });
        }

        return [.. checks.Select(check => check with { HostName = host.HostName })];
    }

    private static HostCheck CommandOf(HostFacts facts) => facts switch
    {
        { Command: null } => new HostCheck
        {
            Name = "servicectl",
            Outcome = HostCheckOutcome.Failed,
            Message = "It is not installed.",
            Advice = "'servicectl hosts install' copies this one",
        },
        { Version: null } => new HostCheck
        {
            Name = "servicectl",
            Outcome = HostCheckOutcome.Failed,
            Message = $"{facts.Command} can't be run.",
            Advice = "'servicectl hosts install' replaces it, where it is a copy",
        },
        { Version: var version } when version == ProductVersion.Text => HostFacts.Passed("servicectl", $"{version}, {facts.Command}"),
        _ => HostFacts.Warning("servicectl", $"{facts.Command} is of version {facts.Version}, this one of {ProductVersion.Text}.",
            "'servicectl hosts install' replaces a copy; a package is upgraded there"),
    };

    /// <summary>The packages and limits, which the command over there looks for.</summary>
    private static async Task<IReadOnlyList<HostCheck>> AskAsync(
        PyServiceHost host, IReadOnlyList<int> ports, string? repository, CancellationToken cancellation)
    {
        string[] words = ["host", "--json", .. ports.SelectMany(port => new[] { "--port", port.ToString(CultureInfo.InvariantCulture) }),
            .. repository is null ? (string[])[] : ["--repository", repository]];
        var answer = await HostShell.RunAsync(host, SshCommand.ServiceCtl(host, words), null, ChecksLimit, cancellation);
        try
        {
            return JsonSerializer.Deserialize(answer.Output, AgentJson.Default.IReadOnlyListHostCheck) ?? [];
        }
        catch (JsonException)
        {
            return [HostFacts.Warning("packages", $"The command there can't look: {SshFailure.LastLine(answer.Errors)}",
                "'servicectl host' there says more")];
        }
    }

    private static async Task<HostOutcome<T>> AnswerAsync<T>(PyServiceHost host, Func<Task<T>> question)
    {
        try
        {
            return new HostOutcome<T>(host.HostName, await question(), null);
        }
        catch (ServiceCtlException error)
        {
            return new HostOutcome<T>(host.HostName, default, error.Report with { HostName = host.HostName });
        }
    }
}
