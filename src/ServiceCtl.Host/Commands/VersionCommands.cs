using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>change: writes what is new; bump: steps the version, and collects that into the changelog.</summary>
internal static class VersionCommands
{
    private static readonly string[] Kinds = [.. Enum.GetNames<ChangeKind>().Select(name => name.ToLowerInvariant())];
    private static readonly string[] Parts = [.. Enum.GetNames<VersionPart>().Select(name => name.ToLowerInvariant())];

    public static Command CreateChange()
    {
        var kind = OptionValues.Choice("kind", "What kind of change: feature, fix, removal, doc or misc.", Kinds);
        var text = SharedOptions.NonEmpty("text", "What is new, in a sentence for those who read the changelog.");
        var issue = OptionValues.Word("--issue", "The issue that it belongs to.", "number", "-i");
        var folder = Folder();
        var json = SharedOptions.Json();
        var command = new Verb("change", "Write what is new into 'changes', for the next version.",
            [
                ("servicectl change fix 'Orders of zero items are refused.'", "Write a file in 'changes'."),
                ("servicectl change feature --issue 12 'Orders can be exported.'", "Write changes/12.feature.md."),
            ],
            "Commit the file with the change itself. 'bump' collects all of them into CHANGELOG.md, and deletes them.")
        { kind, text, issue, folder, json };
        command.SetAction(async (parsed, _) =>
        {
            var change = PackageVerbs.AddChange(Stages.Resolve(parsed.GetValue(folder)),
                Enum.Parse<ChangeKind>(parsed.GetValue(kind)!, ignoreCase: true), parsed.GetValue(text)!, parsed.GetValue(issue));
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(change, AgentJson.Default.PyServiceChange);
            else
                await ConsoleOutput.WriteLineAsync($"{change.Path} was written.");
            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreateBump()
    {
        var part = OptionValues.Choice("part", "major, minor or patch. Default: what the changes ask for.", Parts);
        part.Arity = ArgumentArity.ZeroOrOne;
        part.DefaultValueFactory = _ => "";
        var kind = OptionValues.Choice("--kind", "What the version counts. Default: semver.",
            [
                ("semver", VersionKind.Semver), ("calendar", VersionKind.Calendar), ("commit", VersionKind.Commit),
                ("data", VersionKind.Data),
            ]);
        var stage = OptionValues.Choice("--pre", "A version before the release: 1.3.0rc1.",
            [("alpha", VersionStage.Alpha), ("beta", VersionStage.Beta), ("rc", VersionStage.Rc)]);
        var to = OptionValues.Word("--to", "This version, and not the next one.", "version");
        var commit = new Option<bool>("--commit") { Description = "Commit the files that were changed." };
        var tag = new Option<bool>("--tag") { Description = "Tag the commit: v1.3.0." };
        var empty = new Option<bool>("--allow-empty") { Description = "Even if nothing in 'changes' says what is new." };
        var check = new Option<bool>("--check") { Description = "Only check whether it could be done, for CI. Exits with 1 if not." };
        var whatIf = new Option<bool>("--what-if") { Description = "Show what would change. Nothing is changed." };
        var folder = Folder();
        var json = SharedOptions.Json();
        var command = new Verb("bump", "Raise the version of a project, and collect what is new into CHANGELOG.md.",
            [
                ("servicectl bump --what-if", "Show the next version, and how files would differ."),
                ("servicectl bump --commit --tag", "Raise it, commit, and tag the commit."),
                ("servicectl bump minor --pre rc", "1.2.0 becomes 1.3.0rc1."),
                ("servicectl bump --check", "Fail in CI when a change is missing, or has a wrong name."),
            ],
            "The version is in pyproject.toml, and only it is changed there. A removal raises the major part, a feature the minor one, "
                + "anything else the patch. Refused where files are changed and not committed.")
        { part, kind, stage, to, commit, tag, empty, check, whatIf, folder, json };
        command.Rules.Add(parsed => parsed.GetValue(check) && (parsed.GetValue(commit) || parsed.GetValue(tag) || parsed.GetValue(whatIf))
            ? "--check changes nothing: leave --commit, --tag and --what-if out." : null);
        command.SetAction((parsed, cancellation) =>
        {
            var request = new VersionRequest
            {
                Folder = Stages.Resolve(parsed.GetValue(folder)),
                Kind = parsed.GetValue(kind) ?? VersionKind.Semver,
                Part = parsed.GetValue(part) is { Length: > 0 } word ? Enum.Parse<VersionPart>(word, ignoreCase: true) : null,
                Stage = parsed.GetValue(stage),
                Version = parsed.GetValue(to),
                IsEmptyAllowed = parsed.GetValue(empty),
                IsCommitted = parsed.GetValue(commit),
                IsTagged = parsed.GetValue(tag),
                IsPlan = parsed.GetValue(whatIf),
            };
            return parsed.GetValue(check) ? CheckAsync(request, parsed.GetValue(json), cancellation)
                : StepAsync(request, parsed.GetValue(json), cancellation);
        });
        return command;
    }

    internal static Option<string?> Folder() =>
        OptionValues.FilePath("--path", "The folder of the project. Default: this folder.", "folder");

    private static async Task<int> StepAsync(VersionRequest request, bool json, CancellationToken cancellation)
    {
        var step = await PackageVerbs.StepAsync(request, cancellation);
        if (json)
        {
            await ConsoleOutput.WriteJsonAsync(step, AgentJson.Default.PyServiceVersion);
            return ExitCodes.Success;
        }

        foreach (var line in step.IsDone ? [] : step.Diff)
            await ConsoleOutput.WriteLineAsync(line);
        await ConsoleOutput.WriteLineAsync($"{step.Project}: {step.Before} {(step.IsDone ? "became" : "would become")} {step.Version}"
            + $"{(step.Commit is { } commit ? $", committed as {commit[..7]}" : "")}{(step.IsTagged ? $", tagged as {step.Tag}" : "")}.");
        return ExitCodes.Success;
    }

    private static async Task<int> CheckAsync(VersionRequest request, bool json, CancellationToken cancellation)
    {
        var checks = PackageVerbs.Check(request, cancellation);
        if (json)
            await ConsoleOutput.WriteJsonAsync(checks, AgentJson.Default.IReadOnlyListHostCheck);
        foreach (var check in json ? [] : checks)
            await ConsoleOutput.WriteLineAsync(EnvironmentCommands.TextOf(check));
        return checks.Any(check => check.Outcome == HostCheckOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Success;
    }
}
