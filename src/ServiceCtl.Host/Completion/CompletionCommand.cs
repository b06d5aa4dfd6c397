using System.CommandLine;
using System.Text;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Completion;

/// <summary>
/// completion: the script that teaches a shell the words of servicectl. The scripts ask the command itself, so that they are never out of
/// date.
/// </summary>
internal static class CompletionCommand
{
    /// <summary>The word by which the scripts ask: the words typed so far follow, the last of them the one to complete.</summary>
    public const string Words = "__complete";

    /// <summary>Shells, and the name under which each looks for such a script.</summary>
    private static readonly (string Shell, string Script)[] Scripts =
        [("bash", "servicectl.bash"), ("zsh", "_servicectl"), ("fish", "servicectl.fish"), ("pwsh", "servicectl.ps1")];

    public static Command Create()
    {
        var shell = OptionValues.Choice("shell", "bash, zsh, fish or pwsh.", [.. Scripts.Select(script => script.Shell)]);
        var command = new Verb("completion",
            "Print the completion script of a shell: verbs, options, names of services, configuration keys.",
            [
                ("servicectl completion bash > /etc/bash_completion.d/servicectl", "Install it for all users of bash."),
                ("source <(servicectl completion bash)", "Use it in this bash alone."),
                ("servicectl completion zsh > \"${fpath[1]}/_servicectl\"", "Install it for zsh."),
                ("servicectl completion fish > ~/.config/fish/completions/servicectl.fish", "Install it for fish."),
                ("servicectl completion pwsh | Out-String | Invoke-Expression", "Use it in PowerShell; the line belongs in $PROFILE."),
            ],
            "Completing a name starts no agent.") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.Write(Script(parsed.GetValue(shell)!));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Answers a script: a candidate a line, with a tab before what it means.</summary>
    public static async Task<int> CompleteAsync(Command root, IReadOnlyList<string> words)
    {
        var answer = new StringBuilder();
        foreach (var candidate in Completer.Complete(root, words))
            answer.Append(candidate.Word).Append('\t').Append(candidate.Means).Append('\n');
        await Console.Out.WriteAsync(answer);
        return ExitCodes.Success;
    }

    internal static string Script(string shell)
    {
        var name = Scripts.First(script => script.Shell == shell).Script;
        using var reader = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
