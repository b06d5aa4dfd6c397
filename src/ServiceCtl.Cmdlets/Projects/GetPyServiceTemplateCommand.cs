using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Get, "PyServiceTemplate")]
[OutputType(typeof(PyServiceTemplate))]
public sealed class GetPyServiceTemplateCommand : EngineCommand
{
    /// <summary>Of these frameworks; all when not given.</summary>
    [Parameter(Position = 0)]
    public ProjectFramework[] Framework { get; set; } = [];

    protected override void ProcessRecord() => Run(call =>
    {
        foreach (var template in ProjectVerbs.Templates.Where(each => Framework.Length == 0 || Framework.Contains(each.Framework)))
            call.WriteObject(template);
        return Task.CompletedTask;
    });
}
