using System.CommandLine;
using ServiceCtl.Client;

namespace ServiceCtl.Host.Syntax;

/// <summary>Which hosts of a stage a command line is about. Without any, all of them.</summary>
internal sealed class StageHostOptions
{
    private readonly Option<string[]> _hosts = List("--host",
        "Only these hosts of the stage, as deploy.yaml or ssh call them. May be a list with commas, and be repeated.", "host");

    private readonly Option<string[]> _roles = List("--role",
        "Only hosts of the stage with one of these roles. May be a list with commas, and be repeated.", "role");

    private readonly Option<bool> _sudo = new("--sudo")
    {
        Description = "Deploy as root on the stage's hosts, through 'sudo -n', so that root's agent runs the service.",
    };

    private StageHostOptions()
    {
    }

    public static StageHostOptions AddTo(Verb verb)
    {
        var options = new StageHostOptions();
        verb.Add(options._hosts);
        verb.Add(options._roles);
        verb.Add(options._sudo);
        return options;
    }

    /// <summary>For verbs that are about all hosts of a stage.</summary>
    public static StageHostOptions AddReachTo(Verb verb)
    {
        var options = new StageHostOptions();
        verb.Add(options._sudo);
        return options;
    }

    /// <summary>The verbs of releases, of these hosts.</summary>
    public ReleaseVerbs Of(ServiceCtlClient client, ParseResult parsed) =>
        client.Releases.Of(parsed.GetValue(_hosts) ?? [], parsed.GetValue(_roles) ?? [], parsed.GetValue(_sudo));

    private static Option<string[]> List(string name, string description, string word) => new(name)
    {
        Description = description,
        HelpName = word,
        CustomParser = result =>
        {
            string[] values = [.. result.Tokens.SelectMany(token => token.Value.Split(','))];
            if (Array.Exists(values, value => value.Length == 0))
                result.AddError($"{name} takes a {word}, not an empty text.");
            return values;
        },
    };
}
