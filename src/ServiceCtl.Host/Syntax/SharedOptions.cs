using System.CommandLine;
using System.CommandLine.Parsing;
using ServiceCtl.Client;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Syntax;

/// <summary>Arguments and options that several commands take.</summary>
internal static class SharedOptions
{
    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Print nothing but errors and warnings.",
        Recursive = true
    };

    public static readonly Option<bool> Verbose = new("--verbose", "-v")
    {
        Description = "Print each step, and more about errors.",
        Recursive = true
    };

    /// <summary>For the command of another host, which takes what it says as data.</summary>
    public static readonly Option<bool> ErrorsAsJson = new(HostCommand.ErrorsAsJson)
    {
        Description = "Print each error as a JSON object, on a line of standard error.",
        Recursive = true,
        Hidden = true,
    };

    public static Argument<string[]> Names(string? description = null)
    {
        var names = new Argument<string[]>("name")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = description
                ?? "Services: names, or patterns ('web-*', 'web-[12]', '!web-3' to exclude). Default: the service in this folder.",
        };
        names.Validators.Add(RefuseEmpty);
        names.CompletionSources.Add(_ => Services.NamesForCompletion());
        return names;
    }

    /// <summary>Names for commands that only read.</summary>
    public static Argument<string[]> NamesOrAll() =>
        Names(
            "Services: names, or patterns ('web-*', 'web-[12]', '!web-3' to exclude). Default: the service in this folder; "
                + "elsewhere, all.");

    public static Option<int?> Tail(string items) => OptionValues.Number(
        "--tail", $"Show the last {items} only. Default: all; with --follow, {LogRequest.FollowedTail}.", 0, int.MaxValue, "-n");

    /// <summary>A time: how long ago, or a date.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "10m|2026-11-24T10:30",
        CustomParser = result =>
        {
            if (result.Tokens is not [{ Value: var text }])
                return null;
            try
            {
                return UserInput.ParseTime(text);
            }
            catch (ServiceCtlException)
            {
                result.AddError(
                    $"{name} takes how long ago, such as 10m or 2h, or a date and time, such as 2026-11-24T10:30; "
                        + $"{OptionValues.Shown(text)} is neither.");
                return null;
            }
        },
    };

    public static Option<ServiceState[]> States() => OptionValues.Choices(
        "--state",
        "Only services in these states: idle, starting, running, restarting, stopping, stopped, failed. May be a list with commas, and be "
            + "repeated.", "state",
        [.. Enum.GetValues<ServiceState>().Select(state => (state.ToString().ToLowerInvariant(), state))]);

    public static Option<bool> Follow() => new("--follow", "-f") { Description = "Keep printing what is new, until Ctrl+C." };

    public static Option<bool> Json(string description = "Print JSON instead of text.") => new("--json") { Description = description };

    public static Option<bool> Force(string description) => new("--force") { Description = description };

    public static Option<TimeSpan?> Timeout(
        string description = "How long to wait for each service, 0.1s to 1d. Default: what its configuration says.") =>
        OptionValues.Duration("--timeout", description, TimeSpan.FromSeconds(0.1), TimeSpan.FromDays(1));

    /// <summary>The predecessor's <c>-c</c>.</summary>
    public static Option<OnOff?> Consul() =>
        OptionValues.Switch("--consul", "Register with Consul, or deregister. Default: CONSUL_REG of the configuration.", "-c");

    public static Argument<string> NonEmpty(string name, string description, string? defaultValue = null)
    {
        var argument = new Argument<string>(name) { Description = description };
        if (defaultValue is not null)
            argument.DefaultValueFactory = _ => defaultValue;
        argument.Validators.Add(RefuseEmpty);
        return argument;
    }

    public static void RefuseEmpty(ArgumentResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
            result.AddError($"<{result.Argument.Name}> can't be empty.");
    }
}
