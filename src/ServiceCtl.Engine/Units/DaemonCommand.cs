using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Units;

/// <summary>How a daemon is run.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">What it gets.</param>
/// <param name="Notifies">Does it tell systemd when it is ready? SimpleDaemon for C# and PowerShell does; the one for Python
/// doesn't.</param>
internal sealed record DaemonCommand(string Program, IReadOnlyList<string> Arguments, bool Notifies)
{
    private static readonly string[] Folders = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no such file; <see cref="ErrorCode.RunnerMissing"/>:
    /// no pwsh or python3.</exception>
    public static DaemonCommand Of(DaemonUnitRequest request)
    {
        if (!Path.IsPathRooted(request.Program) || !File.Exists(request.Program))
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, request.Program, $"The daemon {request.Name} can't be run: there is no file {request.Program}.",
                "Name the program, or a .ps1 or .py script.");
        }

        switch (Path.GetExtension(request.Program))
        {
            case ".ps1":
                var shell = PowerShell(request.PowerShellHome);
                return new(shell.Program,
                    [.. shell.Arguments, "-NoProfile", "-NonInteractive", "-File", request.Program, .. request.Arguments], Notifies: true);
            case ".py":
                return new(Python(), ["-u", request.Program, .. request.Arguments], Notifies: false);
            default:
                return new(request.Program, request.Arguments, Notifies: true);
        }
    }

    private static PowerShellCommand PowerShell(string? home) => PowerShellCommand.Find(home) ?? throw new ServiceCtlException(
        ErrorCode.RunnerMissing, "pwsh",
        $"There is no pwsh in {string.Join(", ", PowerShellCommand.PackageFolders)}, on PATH or among the .NET tools of this user.",
        "Install PowerShell by its package, or as a .NET tool: 'dotnet tool install --global PowerShell'.");

    private static string Python() =>
        Folders.Select(folder => Path.Combine(folder, "python3")).FirstOrDefault(File.Exists) ?? throw new ServiceCtlException(
        ErrorCode.RunnerMissing, "python3", $"python3 is in none of {string.Join(", ", Folders)}.",
        "Install it there, or make a link: a unit needs an absolute path that lasts.");
}
