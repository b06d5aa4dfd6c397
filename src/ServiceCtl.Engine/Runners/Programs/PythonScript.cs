using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>What Python is to run: the words of <c>service.command</c>, or <c>main.py</c>.</summary>
internal static class PythonScript
{
    private const string Usual = "main.py";

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: there is no such script.</exception>
    public static IReadOnlyList<string> Of(ServiceDefinition definition)
    {
        var words = definition.Command.Count > 0 ? definition.Command : [Usual];
        // The interpreter is the runner's: who names it as well means the same.
        if (IsInterpreter(words[0]))
            words = [.. words.Skip(1)];
        if (words.Count > 0 && words[0].EndsWith(".py", StringComparison.Ordinal)
            && Path.GetFullPath(words[0], definition.Folder) is var script && !File.Exists(script))
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name, $"The script {script} does not exist.",
                definition.Command.Count > 0 ? $"Correct service.command of {definition.ConfigPath}."
                    : $"Name the script in service.command of {definition.ConfigPath}.");
        }

        return words;
    }

    private static bool IsInterpreter(string word) => word is "python" or "python3";
}
