
namespace ServiceCtl.Engine.Processes;

/// <summary>
/// How a PowerShell is launched: a program, and what stands before its arguments. Packages have a program of their own. A .NET tool is run
/// by
/// <c>dotnet</c>; its <c>pwsh</c> starts that as a child, which hears no signal and is not the process that an init system knows.
/// https://learn.microsoft.com/powershell/scripting/install/install-other-linux
/// </summary>
internal sealed record PowerShellCommand(string Program, IReadOnlyList<string> Arguments)
{
    private const string Name = "pwsh";

    /// <summary>Where packages put it; a path in the first of them lasts longest.</summary>
    public static IReadOnlyList<string> PackageFolders { get; } = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/microsoft/powershell/7",
        "/snap/bin"];

    /// <summary>
    /// The PowerShell that is asked for, else that of this host, from a package rather than from PATH or the user's tools; null where there
    /// is none.
    /// </summary>
    /// <param name="home">Its <c>$PSHOME</c>; null for any.</param>
    public static PowerShellCommand? Find(string? home)
    {
        var dotnet = Dotnet();
        return (home is null ? null : OfHome(home, PackageFolders, dotnet))
            ?? FindIn([.. PackageFolders, .. SearchPath(), HomeFolder(".dotnet/tools")], dotnet);
    }

    internal static PowerShellCommand? FindIn(IEnumerable<string> folders, string? dotnet) =>
        ProgramsIn(folders).Select(program => OfProgram(program, dotnet)).OfType<PowerShellCommand>().FirstOrDefault();

    /// <param name="home">Its <c>$PSHOME</c>.</param>
    /// <param name="lasting">Where to look for a link to it, which outlives its next version.</param>
    /// <param name="dotnet">.NET's own program.</param>
    internal static PowerShellCommand? OfHome(string home, IEnumerable<string> lasting, string? dotnet)
    {
        var program = Path.Combine(home, Name);
        if (IsSelfContained(home) && File.Exists(program))
        {
            return new(ProgramsIn(lasting).FirstOrDefault(link => Target(link) == Target(program) || IsOfSnap(link, home)) ?? program, []);
        }

        // What a tool has beside it as pwsh is for one kind of processor, and for its owner only.
        var library = Path.Combine(home, "pwsh.dll");
        return dotnet is not null && File.Exists(library) ? new(dotnet, [library]) : null;
    }

    private static PowerShellCommand? OfProgram(string program, string? dotnet) =>
        HomeOf(program) is { } home && !IsSelfContained(home) ? OfHome(home, [], dotnet) : new(program, []);

    /// <summary>The folder of the PowerShell that a program starts; null when that can't be seen, as with snap.</summary>
    private static string? HomeOf(string program)
    {
        var folder = Path.GetDirectoryName(Target(program))!;
        if (File.Exists(Path.Combine(folder, "pwsh.dll")))
            return folder;
        var tool = new DirectoryInfo(Path.Combine(folder, ".store/powershell"));
        return tool.Exists
            ? tool.EnumerateFiles("pwsh.dll", SearchOption.AllDirectories).Where(file => file.Directory!.Name == "unix")
                .MaxBy(file => file.LastWriteTimeUtc)?.DirectoryName
            : null;
    }

    private static IEnumerable<string> ProgramsIn(IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, Name)).Where(File.Exists);

    private static bool IsSelfContained(string home) => File.Exists(Path.Combine(home, "libcoreclr.so"));

    /// <summary>All of snap's programs are links to <c>snap</c>, which goes by the name it was called by.</summary>
    private static bool IsOfSnap(string link, string home) =>
        home.StartsWith("/snap/", StringComparison.Ordinal) && Path.GetFileName(Target(link)) == "snap";

    private static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>.NET's own program: the one that runs us, or the first of where it is looked for.</summary>
    private static string? Dotnet() =>
        Environment.ProcessPath is { } process && Path.GetFileName(process) == "dotnet"
            ? process
            : new[] { Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "" }.Concat(SearchPath())
                .Concat(["/usr/share/dotnet", "/usr/lib/dotnet", HomeFolder(".dotnet")])
                .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, "dotnet")).FirstOrDefault(File.Exists);

    private static IEnumerable<string> SearchPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted);

    private static string HomeFolder(string name) => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), name);
}
