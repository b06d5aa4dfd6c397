using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Which failures a rule is about, as a configuration writes it.</summary>
internal static class FailureMatchReader
{
    private const string TwoRules = "Write two rules.";

    private static readonly string[] Keys =
        ["exit", "signal", "phase", "health", "oom", "exception", "module", "log", "dependency", "event", "rate"];

    /// <summary>What tells that a process has ended, and how.</summary>
    private static readonly string[] OfEnds = ["exit", "signal", "phase", "oom"];

    private static readonly ConfigType<IReadOnlyList<int>> ExitCodes = ConfigTypes.ListOf(ConfigTypes.Integer(0, 255));

    private static readonly ConfigType<IReadOnlyList<string>> Words = ConfigTypes.ListOf(ConfigTypes.Text);

    private static readonly ConfigType<string> Moment = ConfigTypes.Choice("failed", "given_up", "recovered");

    public static FailureMatch Read(RuleMapping rule)
    {
        var match = rule.Below("match", Keys);
        if (match is null)
            return new FailureMatch();
        var signals = match.Read("signal", Words)?.Select(word => (Word: word, Number: Signals.NumberOf(word))).ToArray() ?? [];
        if (signals.FirstOrDefault(signal => signal.Number is null).Word is { } unknown)
            match.Refuse("signal", $"`{unknown}` is not a signal.", "Write its name, as `KILL`, or its number.");
        match.Read("health", ConfigTypes.Choice("failing"));
        RefuseWhatCanNeverBe(match);
        var found = new FailureMatch
        {
            Exits = match.Read("exit", ExitCodes) ?? [],
            Signals = [.. signals.Select(signal => signal.Number ?? 0)],
            Phase = match.ReadValue("phase", ConfigTypes.Choice<FailurePhase>()),
            IsUnhealthy = match.Has("health"),
            OutOfMemory = match.ReadValue("oom", ConfigTypes.Boolean),
            Exceptions = match.Read("exception", Words) ?? [],
            Modules = match.Read("module", Words) ?? [],
            Log = ReadPattern(match),
            Dependencies = match.Read("dependency", Words) ?? [],
            Moment = match.Read("event", Moment) switch
            {
                "given_up" => FailureMoment.GivenUp,
                "recovered" => FailureMoment.Recovered,
                _ => FailureMoment.Failed,
            },
            Rate = match.ReadValue("rate", ConfigTypes.Rate),
        };
        rule.Join(match);
        return found;
    }

    private static void RefuseWhatCanNeverBe(RuleMapping match)
    {
        if (match.Has("exit") && match.Has("signal"))
            match.Refuse("signal", "A process that a signal ends has no exit code, so this rule can never match.", TwoRules);
        var isAboutException = match.Has("exception") || match.Has("module");
        if (match.Has("health") && (OfEnds.Any(match.Has) || isAboutException || match.Has("log")))
            match.Refuse("health", "`health` is about a service that lives; it has no exit code, no signal and no line.", TwoRules);
        if (match.Has("dependency") && (OfEnds.Any(match.Has) || isAboutException || match.Has("log") || match.Has("health")))
            match.Refuse("dependency", "`dependency` is about another service, of which nothing else is known.", TwoRules);
        if (isAboutException && match.Has("log") && !OfEnds.Any(match.Has))
            match.Refuse("log", "Exceptions and lines of a service that runs are seen apart, so this rule can never match.", TwoRules);
    }

    /// <summary>
    /// Every line of a service is held against it, so nothing is taken whose time may grow faster than the line. Then it needs no limit
    /// by the clock either, by which a busy machine would lose lines.
    /// </summary>
    private static Regex? ReadPattern(RuleMapping match)
    {
        var pattern = match.Read("log", ConfigTypes.Pattern);
        if (pattern is null || pattern.Options.HasFlag(RegexOptions.NonBacktracking))
            return pattern is null ? null : new Regex(pattern.ToString(), pattern.Options);
        match.Refuse("log",
            "This regular expression uses lookaround or backreferences, or is too large, and could take forever on a line.",
            "Write it without `(?=`, `(?!`, `(?<=`, `(?<!`, `(?>` and `\\1`.");
        return null;
    }
}
