namespace ServiceCtl.Tests.Integration.Support;

/// <summary>The sources that the tests were built from, and what build.sh has put there.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The built module, if there is one.</summary>
    public static string Module { get; } = Path.Combine(Root, "output/ServiceCtl");

    /// <summary>The PowerShell of the tests: the one that build.sh names, or has restored.</summary>
    public static string PowerShell { get; } = Environment.GetEnvironmentVariable("SERVICECTL_PWSH")
        ?? Path.Combine(Root, "output/tools/powershell/pwsh");

    /// <summary>A file of a package that build.sh has unpacked; null where it is installed.</summary>
    public static string? Unpacked(string package, string file) => Directory.Exists(Path.Combine(Root, "output/tools/packages", package))
        ? Directory.EnumerateFiles(Path.Combine(Root, "output/tools/packages", package), file, SearchOption.AllDirectories).FirstOrDefault()
        : null;

    /// <summary>What a package that build.sh has unpacked consists of; null where it is installed.</summary>
    public static string? PackageFolder(string package) =>
        Path.Combine(Root, "output/tools/packages", package) is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>A program that is installed, or unpacked by build.sh.</summary>
    public static string Program(string name) =>
        new[] { "/usr/bin", "/usr/sbin", Path.Combine(Root, "output/tools/bin") }.Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"There is no {name}: './build.sh test' installs or unpacks it.");

    private static string Find()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "ServiceCtl.slnx")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return at;
    }
}
