using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Cmdlets.Pipeline;

namespace ServiceCtl.Cmdlets;

/// <summary>Cmdlets that are about the project in a folder.</summary>
[SupportedOSPlatform("linux")]
public abstract class ProjectCommand : EngineCommand
{
    private protected ProjectCommand()
    {
    }

    /// <summary>The folder of the project; the current one when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Folder { get; set; }

    private protected string Place => GetUnresolvedProviderPathFromPSPath(Folder ?? ".");

    /// <summary>A program by its name, or by a path of the session's location.</summary>
    private protected string Program(string text) => text.Contains('/') ? GetUnresolvedProviderPathFromPSPath(text) : text;
}
