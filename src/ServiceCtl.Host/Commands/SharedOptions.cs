using System.CommandLine;
using System.CommandLine.Parsing;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;

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

    /// <summary>Names for commands that only tell something.</summary>
    public static Argument<string[]> NamesOrAll()
    {
        var names = Names();
        names.Description = "Services, by name or pattern. Without one: the service whose folder this is; elsewhere, all.";
        return names;
    }

    public static Option<int?> Tail(string items)
    {
        var option = new Option<int?>("--tail", "-n") { Description = $"The last {items} only. Default: all; with --follow, {LogRequest.FollowedTail}.", HelpName = "number" };
        option.Validators.Add(static (OptionResult result) =>
        {
            if (result.GetValueOrDefault<int?>() < 0)
                result.AddError("--tail takes 0 or more.");
        });
        return option;
    }

    /// <summary>A time: how long ago, or a date.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "10m|2026-11-24T10:30",
        CustomParser = result =>
        {
            try
            {
                return ServiceManager.ParseTime(result.Tokens[0].Value);
            }
            catch (ServiceCtlException error)
            {
                result.AddError($"{error.Message} {error.Advice}");
                return null;
            }
        },
    };

    public static Option<bool> Follow() => new("--follow", "-f") { Description = "Go on with what comes, until Ctrl+C." };

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

    /// <summary>The predecessor's <c>-c</c>.</summary>
    public static Option<string?> Consul()
    {
        var option = new Option<string?>("--consul", "-c") { Description = "Register in Consul, or take out of it: on or off. Default: CONSUL_REG.", HelpName = "on|off" };
        option.AcceptOnlyFromAmong("on", "off");
        return option;
    }

    public static bool? IsOn(string? word) => word is null ? null : word == "on";
}
