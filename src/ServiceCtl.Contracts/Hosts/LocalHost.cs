using System.Runtime.Versioning;

namespace ServiceCtl.Contracts;

/// <summary>
/// Can the host that this runs on have services? They run on Linux; from Windows and macOS, those of Linux hosts are acted on.
/// </summary>
public static class LocalHost
{
    /// <summary>A switch of .NET's AppContext. Tests set it to see on Linux what the others see.</summary>
    private const string NoServices = "ServiceCtl.NoLocalServices";

    [SupportedOSPlatformGuard("linux")]
    public static bool HasServices => OperatingSystem.IsLinux() && !(AppContext.TryGetSwitch(NoServices, out var isSet) && isSet);

    /// <summary>The error of what needs services of this host.</summary>
    public static ServiceCtlException Unsupported() => new(
        ErrorCode.PlatformNotSupported, target: null, "This acts on services of the host it runs on, which needs Linux.",
        "Name a Linux host with '--host'; SSH reaches it.");

    /// <summary>The same of a command that can't be about another host.</summary>
    public static ServiceCtlException Unsupported(string command) => new(
        ErrorCode.PlatformNotSupported, command, $"{command} works with files of the host it runs on, which needs Linux.",
        "Run it on a Linux host, as in 'ssh HOST'.");
}
