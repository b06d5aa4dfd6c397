using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Scaffolding;

/// <summary>
/// The wrapper of a service: <c>./service start</c> does what <c>servicectl start</c> does in the service's folder. It holds absolute paths
/// only, so it can be moved, and does everything in a subshell, so that sourcing it ends no shell and leaves nothing behind.
/// </summary>
internal static class WrapperScript
{
    /// <summary>By this line a wrapper is known as one.</summary>
    public const string Marker = "# Made by 'servicectl ruffles', which may overwrite it.";

    /// <param name="folder">The service's folder.</param>
    /// <param name="program">Absolute path of <c>servicectl</c>.</param>
    /// <param name="powerShell">The PowerShell that is known; one on PATH is asked first.</param>
    public static string Text(string folder, string program, PowerShellCommand? powerShell) => $$"""
        #!/bin/sh
        {{Marker}}
        # ./service start, or . ./service start in bash and zsh: a sourced file gets no arguments in dash.
        (
            command cd {{Quote(folder)}} || exit 1
            for program in {{Quote(program)}} "$(command -v servicectl)"; do
                if [ -f "$program" ] && [ -x "$program" ]; then
                    exec "$program" "$@"
                fi
            done
            # Only the module may be installed; the command is inside it, and PowerShell knows where.
            ask() {
                command -v "$1" >/dev/null 2>&1 || return 1
                program=$("$@" -NoProfile -NonInteractive -Command '(Get-Module ServiceCtl -ListAvailable)[0].ModuleBase' 2>/dev/null)/Dependencies/servicectl
                [ -f "$program" ] && [ -x "$program" ]
            }
            if ask pwsh{{(powerShell is null ? "" : $" || ask {string.Join(' ', powerShell.Arguments.Prepend(powerShell.Program).Select(Quote))}")}} || ask "$HOME/.dotnet/tools/pwsh"; then
                exec "$program" "$@"
            fi
            printf '%s\n' 'servicectl was not found: neither where it was, nor on PATH, nor as a PowerShell module. Nothing was done.' >&2
            exit 127
        )

        """;

    /// <summary>Writes the wrapper, whole or not at all, executable by everybody.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: something else is there;
    /// <see cref="ErrorCode.System"/>.</exception>
    public static void Write(string path, string text, bool force)
    {
        try
        {
            if (!force && Path.Exists(path) && !IsWrapper(path))
            {
                throw new ServiceCtlException(
                    ErrorCode.FileExists, path, $"{path} is there already, and is no wrapper of ours. It was left alone.",
                    "Set neat_script_name to another name, or overwrite it with '--force'.");
            }

            NamedFile.Replace(path, Encoding.UTF8.GetBytes(text), FileModes.Executable);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, path, $"The wrapper {path} can't be written: {error.Message}",
                "Check the folder and its permissions.", error);
        }
    }

    private static bool IsWrapper(string path)
    {
        using StreamReader reader = new(new FileStream(UserFiles.OpenRead(user: null, path), FileAccess.Read));
        _ = reader.ReadLine();
        return reader.ReadLine() == Marker;
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
