using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Syntax;

/// <summary>Which hosts a command line is about. Without any, this one.</summary>
internal sealed class HostOptions
{
    private readonly Option<List<PyServiceHost>> _hosts = new("--host")
    {
        Description = "Do it on these hosts, over SSH, instead of here: names of ssh_config or of the network, as user@host:port where "
            + "that is needed. May be a list with commas, and be repeated. Paths and folders are those of the host then.",
        HelpName = "host",
        CustomParser = result =>
        {
            var hosts = new List<PyServiceHost>();
            foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',')))
            {
                try
                {
                    hosts.Add(HostAddress.Parse(text));
                }
                catch (ServiceCtlException)
                {
                    result.AddError($"--host takes a host, such as web1 or deploy@web1:2222, not {OptionValues.Shown(text)}.");
                }
            }

            return [.. hosts.DistinctBy(host => host.HostName)];
        },
    };

    private readonly Option<TimeSpan?> _timeout = OptionValues.Duration("--connect-timeout",
        "How long to wait until a host answers, 1s to 10m. Default: 10s.", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

    private readonly Option<bool> _sudo = new("--sudo")
    {
        Description = "Use root's agent on these hosts, through 'sudo -n'.",
    };

    private HostOptions()
    {
    }

    public static IReadOnlyList<string> Names { get; } = ["--host", "--connect-timeout", "--sudo"];

    private IReadOnlyList<Option> All => [_hosts, _timeout, _sudo];

    /// <summary>How many words follow one of these options; null for another option.</summary>
    public static int? ValuesOf(string option) => option switch { "--host" or "--connect-timeout" => 1, "--sudo" => 0, _ => null };

    /// <param name="verb">What gets them.</param>
    /// <param name="areRecursive">The verbs below it get them, too.</param>
    public static HostOptions AddTo(Verb verb, bool areRecursive = false)
    {
        var options = new HostOptions();
        foreach (var option in options.All)
            option.Recursive = areRecursive;
        options._hosts.CompletionSources.Add(_ => KnownHosts.Names());
        verb.Add(options._hosts);
        verb.Add(options._timeout);
        verb.Add(options._sudo);
        verb.Rules.Add(parsed => parsed.GetValue(options._timeout) is not null && !options.AreGiven(parsed)
            ? "--connect-timeout needs --host." : null);
        verb.Rules.Add(parsed => parsed.GetValue(options._sudo) && !options.AreGiven(parsed) ? "--sudo needs --host." : null);
        return options;
    }

    /// <summary>For verbs that have the hosts themselves as arguments.</summary>
    public static HostOptions AddReachTo(Verb verb)
    {
        var options = new HostOptions();
        verb.Add(options._timeout);
        verb.Add(options._sudo);
        return options;
    }

    public bool AreGiven(ParseResult parsed) => parsed.GetValue(_hosts)?.Count > 0;

    public IReadOnlyList<PyServiceHost> Of(ParseResult parsed) =>
        [.. (parsed.GetValue(_hosts) ?? []).Select(host => Complete(parsed, host))];

    /// <summary>A host that was given in another way, reached as these options say.</summary>
    public PyServiceHost Complete(ParseResult parsed, PyServiceHost host) =>
        host with { ConnectingTimeout = parsed.GetValue(_timeout), Sudo = parsed.GetValue(_sudo) };

    /// <summary>A client of each; this host's where none is named.</summary>
    public HostGroup Open(ParseResult parsed) => new(
        AreGiven(parsed)
            ? [.. Of(parsed).Select(Services.Open)]
            : [Services.Open()]);
}
