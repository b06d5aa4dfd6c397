using System.CommandLine;
using System.IO.Compression;
using System.Text;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Help;

/// <summary>man: the help as man pages, one printed or all of them written.</summary>
internal static class ManCommand
{
    public const string Name = "man";

    /// <param name="createRoot">Makes all verbs.</param>
    public static Command Create(Func<RootCommand> createRoot)
    {
        var words = HelpCommand.SharedWords(createRoot, "The verb. Default: servicectl itself.");
        var destination = OptionValues.FilePath("--destination",
            "Write the pages of all verbs into this folder, compressed as man expects them.", "folder", "-d");
        var command = new Verb(Name, "Print the man page of a verb, or write all of them.",
            [
                ("servicectl man restart | man -l -", "Read one."),
                ("servicectl man -d /usr/local/share/man/man1", "Install them all."),
            ]) { words, destination };
        command.Rules
            .Add(parsed =>
                parsed.GetValue(destination) is not null && parsed.GetValue(words) is { Length: > 0 }
                    ? "--destination writes the pages of all verbs: name none." : null);
        command.SetAction(
            parsed => parsed.GetValue(destination) is { } folder
                ? WriteAll(createRoot(), folder) : Print(createRoot(), parsed.GetValue(words) ?? []));
        return command;
    }

    private static int Print(Command root, string[] words)
    {
        Console.Out.Write(ManPage.Write(HelpPage.Of(HelpCommand.Find(root, words, Name))));
        return ExitCodes.Success;
    }

    private static int WriteAll(Command root, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var command in Tree(root))
            {
                var page = HelpPage.Of(command);
                using var file = new GZipStream(File.Create(Path.Combine(folder, ManPage.NameOf(page) + ".1.gz")),
                    CompressionLevel.SmallestSize);
                file.Write(Encoding.UTF8.GetBytes(ManPage.Write(page)));
            }

            return ExitCodes.Success;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Contracts.ServiceCtlException(Contracts.ErrorCode.System, folder,
                $"The man pages could not be written: {error.Message}", "Check the folder and its permissions.", error);
        }
    }

    private static IEnumerable<Command> Tree(Command command) =>
        command.Hidden ? [] : command.Subcommands.SelectMany(Tree).Prepend(command);
}
