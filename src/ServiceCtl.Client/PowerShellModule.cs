using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Client;

/// <summary>
/// The PowerShell module that <c>servicectl</c> is a part of, and whether PowerShell finds it. A package of a distribution may not write to
/// the folders where PowerShell looks, so a link there has to be made by somebody.
/// </summary>
public sealed class PowerShellModule
{
    private const string Name = "ServiceCtl";
    private const string ForEverybody = "/usr/local/share/powershell/Modules";

    private readonly string _executable;

    internal PowerShellModule(string executable)
    {
        _executable = executable;
    }

    /// <summary>The module's folder.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: this command is alone.</exception>
    public string Folder =>
        Path.GetDirectoryName(Path.GetDirectoryName(_executable)) is { } folder && File.Exists(Path.Combine(folder, $"{Name}.psd1"))
        ? folder
        : throw new ServiceCtlException(ErrorCode.InvalidState, _executable, $"{_executable} is not in the folder of a PowerShell module.",
            "Install ServiceCtl from one of its packages.");

    /// <summary>Where PowerShell looks for modules: root's are for everybody, others' for themselves.</summary>
    public static string ModulesFolder => Environment.IsPrivilegedProcess
        ? ForEverybody
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "powershell/Modules");

    /// <summary>The links by which PowerShell finds this module.</summary>
    public IReadOnlyList<string> FindLinks() =>
        [.. new[] { ModulesFolder, ForEverybody }.Distinct().Select(folder => Path.Combine(folder, Name))
            .Where(link => TargetOf(link) == Folder)];

    /// <summary>Makes the link. One that is there already, to this or another version, is replaced in one step.</summary>
    /// <param name="modules">A folder of <c>$env:PSModulePath</c>; null for the usual one.</param>
    /// <returns>The link.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: a module that is no link is there;
    /// <see cref="ErrorCode.System"/>.</exception>
    [SupportedOSPlatform("linux")]
    public string Link(string? modules)
    {
        var link = Path.Combine(modules ?? ModulesFolder, Name);
        if (TargetOf(link) is null && Path.Exists(link))
            throw new ServiceCtlException(ErrorCode.FileExists, link, $"{link} is a module of its own, not a link. It was left alone.",
                "Remove it, or have another folder linked with '--destination'.");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            SymbolicLink.Point(link, Folder);
            return link;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, link, $"The link {link} can't be made: {error.Message}",
                "Check the folder and its permissions.", error);
        }
    }

    /// <summary>Removes the link, if it leads to this module.</summary>
    /// <returns>The link that was removed; null for none.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>.</exception>
    public string? Unlink(string? modules)
    {
        var link = Path.Combine(modules ?? ModulesFolder, Name);
        if (TargetOf(link) != Folder)
            return null;
        try
        {
            File.Delete(link);
            return link;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, link, $"The link {link} can't be removed: {error.Message}",
                "Check the folder and its permissions.", error);
        }
    }

    private static string? TargetOf(string link) =>
        new FileInfo(link).LinkTarget is { } target ? Path.GetFullPath(target, Path.GetDirectoryName(link)!) : null;
}
