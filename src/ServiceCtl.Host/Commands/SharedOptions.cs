using System.CommandLine;
using System.CommandLine.Parsing;

namespace ServiceCtl.Host.Commands;

/// <summary>Arguments and options that several commands take.</summary>
internal static class SharedOptions
{
    public static Argument<string[]> Names()
    {
        var names = new Argument<string[]>("name")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Services, by name or pattern ('*', 'billing-?'). Without one: the service whose folder this is.",
        };
        // A mistyped option must not pass for a service's name.
        names.Validators.Add(static (ArgumentResult result) =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                result.AddError($"Unrecognized option '{token.Value}'.");
        });
        return names;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text." };

    public static Option<double?> Timeout()
    {
        var option = new Option<double?>("--timeout")
        {
            Description = "Longest wait for each service, in seconds (0.1 to 86400). Default: what its configuration says.",
            HelpName = "seconds",
        };
        option.Validators.Add(static (OptionResult result) =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0.1 and <= 86400)))
                result.AddError("--timeout takes 0.1 to 86400 seconds.");
        });
        return option;
    }
}
