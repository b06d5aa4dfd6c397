using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>
/// The file that gunicorn itself would make for a Unix socket: mode 0777 less its <c>umask</c>, which is 0 unless it is set, of its
/// <c>user</c> and <c>group</c>
/// (sock.UnixSocket.bind). Set on its command line, in GUNICORN_CMD_ARGS, or as a plain value in its configuration file, which is Python
/// and is not run here.
/// </summary>
internal static partial class GunicornSocketFile
{
    private const int Everything = 0b111_111_111;

    public static SocketPermissions Of(ServiceDefinition definition)
    {
        var words = new ServerOptions(definition, GunicornOptions.Package);
        var variable = GunicornFile.VariableOf(definition);
        var file = GunicornFile.Find(definition)?.Text ?? "";

        string? Find(string name, string option, string letter) => words.ValueOf(option, letter) ?? variable.ValueOf(option, letter)
            ?? Assignment().Matches(file).LastOrDefault(match => match.Groups["name"].Value == name)?.Groups["value"].Value;

        var umask = ParseNumber(Find("umask", "--umask", "-m"));
        return new SocketPermissions((UnixFileMode)(Everything & ~umask), Find("user", "--user", "-u"), Find("group", "--group", "-g"));
    }

    /// <summary>As gunicorn reads it: in octal after a zero, whatever Python says by now.</summary>
    private static int ParseNumber(string? text)
    {
        try
        {
            return text switch
            {
                null => 0,
                ['0', 'x' or 'X', .. var digits] => Convert.ToInt32(digits, 16),
                ['0', 'o' or 'O', .. var digits] => Convert.ToInt32(digits, 8),
                ['0', _, ..] => Convert.ToInt32(text, 8),
                _ => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture),
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            // gunicorn refuses it, and says so better.
            return 0;
        }
    }

    [GeneratedRegex(
        """^(?<name>umask|user|group)\s*=\s*(?:(?<value>[0-9][0-9a-zA-Z]*)|(?<quote>["'])(?<value>[^"'\r\n]+)\k<quote>)\s*(?:#.*)?\r?$""",
        RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
