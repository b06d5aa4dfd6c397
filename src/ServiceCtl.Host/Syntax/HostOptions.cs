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

    private HostOptions()
    {
    }

    public static HostOptions AddTo(Verb verb)
    {
        var options = new HostOptions();
        options._hosts.CompletionSources.Add(_ => KnownHosts.Names());
        verb.Add(options._hosts);
        verb.Add(options._timeout);
        verb.Rules.Add(parsed => parsed.GetValue(options._timeout) is not null && !options.AreGiven(parsed)
            ? "--connect-timeout needs --host." : null);
        return options;
    }

    public bool AreGiven(ParseResult parsed) => parsed.GetValue(_hosts)?.Count > 0;

    /// <summary>A client of each; this host's where none is named.</summary>
    public HostGroup Open(ParseResult parsed) => new(
        AreGiven(parsed)
            ? [.. parsed.GetValue(_hosts)!.Select(host => Services.Open(host with { ConnectingTimeout = parsed.GetValue(_timeout) }))]
            : [Services.Open()]);
}
