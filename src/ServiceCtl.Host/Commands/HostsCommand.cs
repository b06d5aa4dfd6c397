using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>hosts: other hosts themselves; install and test below it.</summary>
internal static class HostsCommand
{
    public static Command Create()
    {
        return new Verb("hosts", "Install servicectl on other hosts, and test what they lack.",
            [
                ("servicectl hosts install web1 web2", "Copy this servicectl there."),
                ("servicectl hosts test web1", "See what the host lacks."),
            ],
            "Hosts are reached over SSH, as with '--host'.") { CreateInstall(), CreateTest() };
    }

    private static Verb CreateInstall()
    {
        var hosts = Hosts();
        var file = OptionValues.FilePath("--command", "The servicectl to copy, a file of this host. Default: this one.", "file");
        var atBoot = new Option<bool>("--at-boot") { Description = "Have the agent there start at every boot." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be done. The hosts are asked; nothing is changed." };
        var json = SharedOptions.Json();
        var command = new Verb("install", "Copy servicectl to other hosts, where it is not there yet. Running services are left alone.",
            [
                ("servicectl hosts install web1 web2", "Put it there for the users who log in."),
                ("servicectl hosts install deploy@web1 --sudo --at-boot", "Put it there for root, whose agent is to start at boot."),
                ("servicectl hosts install web1 --dry-run", "See whether it can run there."),
            ],
            "It goes to ~/.local, for root to /usr/local, into a folder named by its content; the link in bin is replaced at once. "
                + "Needed there: Linux on the same kind of machine, glibc 2.34, tar and gzip.") { hosts, file, atBoot, dryRun, json };
        var reach = HostOptions.AddReachTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (done, failed) = (new List<PyServiceHostInstallation>(), false);
            var request = new HostInstallationRequest
            {
                Command = parsed.GetValue(file) is { } path ? ServiceFolder.Resolve(path) : null,
                AtBoot = parsed.GetValue(atBoot),
                DryRun = parsed.GetValue(dryRun),
            };
            var all = parsed.GetValue(hosts)!.Select(host => reach.Complete(parsed, host)).ToArray();
            await foreach (var outcome in HostVerbs.InstallAsync(all, Environment.ProcessPath!, request, cancellation))
            {
                failed |= outcome.Error is not null;
                if (outcome.Error is { } error)
                    await ConsoleOutput.WriteErrorAsync(error);
                if (outcome.Value is not { } installed)
                    continue;
                done.Add(installed);
                if (!parsed.GetValue(json))
                    await WriteAsync(installed);
            }

            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(done, AgentJson.Default.IReadOnlyListPyServiceHostInstallation);
            return failed ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    private static Verb CreateTest()
    {
        var hosts = Hosts();
        var ports = OptionValues.Numbers("--port", "TCP ports that must be free there, 1 to 65535; several with spaces or commas.", 1,
            65535, "-p");
        var repository = OptionValues.Word("--repository", "A repository that the keys there must reach.", "url");
        var json = SharedOptions.Json();
        var command = new Verb("test", "Test whether other hosts can be reached, and what they lack to run services.",
            [
                ("servicectl hosts test web1 web2", "Connection, key, system, command, sudo, linger, clock, packages."),
                ("servicectl hosts test web1 --port 8001", "Test that a port is free there, too."),
            ],
            "Exits with 1 if something necessary is missing.") { hosts, ports, repository, json };
        var reach = HostOptions.AddReachTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var all = parsed.GetValue(hosts)!.Select(host => reach.Complete(parsed, host)).ToArray();
            var checks = new List<HostCheck>();
            foreach (var asked in all.Select(host => HostVerbs.CheckAsync(
                host, Environment.ProcessPath!, parsed.GetValue(ports) ?? [], parsed.GetValue(repository), cancellation)).ToArray())
            {
                var own = await asked;
                checks.AddRange(own);
                foreach (var check in parsed.GetValue(json) ? [] : own)
                    await ConsoleOutput.WriteLineAsync((all.Length > 1 ? $"{check.HostName}: " : "") + EnvironmentCommands.TextOf(check));
            }

            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(checks, AgentJson.Default.IReadOnlyListHostCheck);
            return checks.Exists(check => check.Outcome == HostCheckOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    private static Argument<PyServiceHost[]> Hosts()
    {
        var hosts = new Argument<PyServiceHost[]>("host")
        {
            Description = "Names of ssh_config or of the network, as user@host:port where that is needed.",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                var parsed = result.Tokens.Select(token => (token.Value, Host: HostAddress.TryParse(token.Value))).ToList();
                foreach (var (text, _) in parsed.Where(each => each.Host is null))
                    result.AddError($"<host> is a host, such as web1 or deploy@web1:2222, not {OptionValues.Shown(text)}.");
                return [.. parsed.Select(each => each.Host).OfType<PyServiceHost>().DistinctBy(host => host.HostName)];
            },
        };
        hosts.CompletionSources.Add(_ => KnownHosts.Names().Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        return hosts;
    }

    private static async Task WriteAsync(PyServiceHostInstallation installed)
    {
        var what = installed.Change switch
        {
            HostInstallationChange.Copied => $"was copied in {ConsoleOutput.Text(installed.Duration)} ({installed.SentBytes >> 10} KB)",
            HostInstallationChange.Planned => "would be copied",
            _ => "is there",
        };
        await ConsoleOutput.WriteLineAsync($"{installed.HostName}: servicectl {installed.Version} {what}: {installed.Link}");
        foreach (var note in installed.Notes)
            await ConsoleOutput.WriteErrorLineAsync($"{installed.HostName}: warning: {note}");
    }
}
