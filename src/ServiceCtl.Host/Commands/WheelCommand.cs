using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>wheel: the Python package cordio as a file.</summary>
internal static class WheelCommand
{
    public static Command Create()
    {
        var destination = OptionValues.FilePath(
            "--destination", "The folder; it is made if it is not there. Default: this one.", "folder", "-d");
        var command = new Verb("wheel", "Write the wheel of cordio, the Python package of this version, into a folder.",
            [
                ("servicectl wheel -d wheels", "For an image, another host, or an index of your own."),
                ("servicectl wheel -d /tmp/wheels && venv/bin/pip install --no-index --find-links /tmp/wheels cordio",
                    "Install it by hand."),
            ],
            "A virtualenv whose requirements name cordio gets it from `servicectl env` without this. The same version always writes the "
                + "same bytes.") { destination };
        command.SetAction(async (parsed, _) =>
        {
            await ConsoleOutput.WriteLineAsync(EnvironmentVerbs.WriteCordio(Path.GetFullPath(parsed.GetValue(destination) ?? ".")));
            return ExitCodes.Success;
        });
        return command;
    }
}
