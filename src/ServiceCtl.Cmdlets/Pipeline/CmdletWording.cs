using System.Text.RegularExpressions;

namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>
/// The engine gives its advice in the words of the command, in quotes: <c>'servicectl agent stop --force'</c>, <c>'--force'</c>. Here, and
/// only here, they become the cmdlets that do the same.
/// </summary>
internal static partial class CmdletWording
{
    /// <summary>The longest words first, so that <c>config check</c> is not taken for <c>config</c>.</summary>
    internal static readonly IReadOnlyList<(string Words, string Cmdlet)> Cmdlets =
    [
        ("agent start", "Start-PyServiceAgent"),
        ("agent stop", "Stop-PyServiceAgent"),
        ("agent restart", "Restart-PyServiceAgent"),
        ("agent status", "Get-PyServiceAgent"),
        ("config check", "Test-PyServiceConfig"),
        ("config push", "Set-PyServiceConfig"),
        ("config template", "New-PyServiceConfig"),
        ("wheel", "Export-PyServiceWheel"),
        ("modules set", "Set-PyServiceModuleAddress"),
        ("deploy install", "Initialize-PyServiceStage"),
        ("deploy stages", "Get-PyServiceStage"),
        ("deploy check", "Test-PyServiceStage"),
        ("deploy lock", "Lock-PyServiceStage"),
        ("deploy unlock", "Unlock-PyServiceStage"),
        ("deploy", "Publish-PyService"),
        ("rollback", "Restore-PyServiceRelease"),
        ("releases", "Get-PyServiceRelease"),
        ("alerts test", "Test-PyServiceAlert"),
        ("alerts", "Get-PyServiceAlert"),
        ("schedules run", "Invoke-PyServiceSchedule"),
        ("schedules", "Get-PyServiceSchedule"),
        ("agent", "Get-PyServiceAgent"),
        ("config", "Get-PyServiceConfig"),
        ("start", "Start-PyService"),
        ("stop", "Stop-PyService"),
        ("restart", "Restart-PyService"),
        ("hot_restart", "Restart-PyService -Hot"),
        ("status", "Get-PyServiceStatus"),
        ("list", "Get-PyService"),
        ("logs", "Get-PyServiceLog"),
        ("events", "Get-PyServiceEvent"),
        ("failures policy", "Get-PyServiceFailurePolicy"),
        ("failures test", "Test-PyServiceFailurePolicy"),
        ("failures", "Get-PyServiceFailure"),
        ("top", "Show-PyService"),
        ("relog", "Invoke-Relog"),
        ("tests", "Test-PyService"),
        ("register", "Register-PyService"),
        ("unregister", "Unregister-PyService"),
        ("enable", "Enable-PyService"),
        ("disable", "Disable-PyService"),
        ("change", "Add-PyServiceChange"),
        ("bump", "Step-PyServiceVersion"),
        ("package", "Build-PyServicePackage"),
        ("publish", "Publish-PyServicePackage"),
        ("manifest", "Export-PyServiceManifest"),
        ("import", "Import-PyService"),
        ("image files", "New-PyServiceImageFile"),
        ("image build", "Build-PyServiceImage"),
        ("image push", "Publish-PyServiceImage"),
        ("image copy", "Copy-PyServiceImage"),
        ("images", "Get-PyServiceImage"),
        ("image", "Get-PyServiceImage"),
        ("containers rm", "Remove-PyServiceContainer"),
        ("containers", "Get-PyServiceContainer"),
        ("env", "Initialize-PyServiceEnvironment"),
        ("hosts install", "Install-PyServiceHost"),
        ("hosts test", "Test-PyServiceHost"),
        ("host", "Test-PyServiceHost"),
        ("exec", "Invoke-PyServiceCommand"),
        ("new --update", "Update-PyServiceProject"),
        ("new --list", "Get-PyServiceTemplate"),
        ("new", "New-PyServiceProject"),
        ("ruffles", "New-PyServiceWrapper"),
        ("unit", "Export-PyServiceUnit"),
    ];

    /// <summary>Verbs that a session has no cmdlet for: their commands stay as they are.</summary>
    private static readonly string[] Untranslated = ["agent run", "run", "config schema", "config reference", "powershell", "completion",
        "man", "help", "version"];

    public static string Of(string text) => text.Contains('\'')
        ? Option().Replace(
            Command().Replace(text.Replace("'--user' and '--password-stdin'", "'-Credential'"),
                match => $"'{Translate(match.Groups["words"].Value)}'"),
            match => $"'{Parameter(match.Groups["name"].Value)}'")
        : text;

    private static string Translate(string words)
    {
        if (Untranslated.Any(verb => Begins(words, verb)))
            return $"servicectl {words}";
        var (verb, cmdlet) = Cmdlets.FirstOrDefault(known => Begins(words, known.Words));
        return cmdlet is null
            ? $"servicectl {words}" : cmdlet + OptionInLine().Replace(words[verb.Length..], match => Parameter(match.Groups["name"].Value));
    }

    private static bool Begins(string words, string verb) => words == verb || words.StartsWith(verb + " ", StringComparison.Ordinal);

    /// <summary><c>keep-services</c> becomes <c>-KeepServices</c>; what PowerShell has a name for has that name.</summary>
    private static string Parameter(string name) => name == "connect-timeout" ? "-ConnectingTimeout" : name == "host" ? "-HostName"
        : "-" + string.Concat(name.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    [GeneratedRegex("'servicectl (?<words>[^']+)'")]
    private static partial Regex Command();

    [GeneratedRegex("'--(?<name>[a-z]+(-[a-z]+)*)'")]
    private static partial Regex Option();

    [GeneratedRegex("--(?<name>[a-z]+(-[a-z]+)*)")]
    private static partial Regex OptionInLine();
}
