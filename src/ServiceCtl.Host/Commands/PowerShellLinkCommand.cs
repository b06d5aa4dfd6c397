using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>powershell: makes the module that this command is a part of known to PowerShell.</summary>
internal static class PowerShellLinkCommand
{
    public static Command Create()
    {
        var command = new Verb("powershell", "Show where the PowerShell module is, and whether PowerShell finds it.",
            [
                ("servicectl powershell", "Show it."),
                ("sudo servicectl powershell link", "Make it known to PowerShell, for everyone."),
            ],
            "The Debian package keeps the module in /usr/lib, where PowerShell doesn't look.") { CreateLink(), CreateUnlink() };
        command.SetAction(async (_, _) =>
        {
            using var client = Services.Open();
            var links = client.PowerShell.FindLinks();
            await ConsoleOutput.WriteLineAsync($"The module is in {client.PowerShell.Folder}.");
            await ConsoleOutput.WriteLineAsync(links.Count > 0
                ? $"PowerShell finds it through {string.Join(" and ", links)}."
                : "'servicectl powershell link' makes it known to PowerShell, where it isn't in a folder of $env:PSModulePath already.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Verb CreateLink()
    {
        var destination = Destination();
        var command = new Verb("link", "Link the module into a folder where PowerShell looks for modules.",
            [
                ("sudo servicectl powershell link", "Link it for everyone: /usr/local/share/powershell/Modules."),
                ("servicectl powershell link", "Link it for yourself: ~/.local/share/powershell/Modules."),
            ]) { destination };
        command.SetAction(async (parsed, _) =>
        {
            using var client = Services.Open();
            var link = client.PowerShell.Link(FolderOf(parsed, destination));
            await ConsoleOutput.WriteLineAsync($"{link} leads to {client.PowerShell.Folder}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Verb CreateUnlink()
    {
        var destination = Destination();
        var command = new Verb("unlink", "Remove that link.",
            [("sudo servicectl powershell unlink", "Remove the link for everyone.")]) { destination };
        command.SetAction(async (parsed, _) =>
        {
            using var client = Services.Open();
            await ConsoleOutput.WriteLineAsync(
                client.PowerShell.Unlink(FolderOf(parsed, destination)) is { } link
                    ? $"Removed {link}." : "There is no link to this module.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<string?> Destination() =>
        OptionValues.FilePath("--destination",
            "The folder of modules. Default: /usr/local/share/powershell/Modules for root, else ~/.local/share/powershell/Modules.",
            "folder", "-d");

    private static string? FolderOf(ParseResult parsed, Option<string?> destination) => parsed.GetValue(destination) is { } folder
        ? ServiceFolder.Resolve(folder) : null;
}
