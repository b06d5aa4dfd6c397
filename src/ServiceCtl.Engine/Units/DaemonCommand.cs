using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Units;

/// <summary>How a daemon is run.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">What it gets.</param>
/// <param name="Notifies">Does it tell systemd when it is ready? SimpleDaemon for C# and PowerShell does; the one for Python doesn't.</param>
internal sealed record DaemonCommand(string Program, IReadOnlyList<string> Arguments, bool Notifies)
{
    private static readonly string[] Folders = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/microsoft/powershell/7"];

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no such file; <see cref="ErrorCode.RunnerMissing"/>: no pwsh or python3.</exception>
    public static DaemonCommand Of(DaemonUnitRequest request)
    {
        if (!Path.IsPathRooted(request.Program) || !File.Exists(request.Program))
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, request.Program, $"The daemon {request.Name} can't be run: there is no file {request.Program}.", "Name the program, or a .ps1 or .py script.");
        }

        return Path.GetExtension(request.Program) switch
        {
            ".ps1" => new(Find("pwsh"), ["-NoProfile", "-NonInteractive", "-File", request.Program, .. request.Arguments], Notifies: true),
            ".py" => new(Find("python3"), ["-u", request.Program, .. request.Arguments], Notifies: false),
            _ => new(request.Program, request.Arguments, Notifies: true),
        };
    }

    private static string Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? throw new ServiceCtlException(
        ErrorCode.RunnerMissing, program, $"{program} is in none of {string.Join(", ", Folders)}.", "Install it there, or make a link: a unit needs an absolute path that lasts.");
}
