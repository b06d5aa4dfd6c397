using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.New, "PyServiceConfig", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class NewPyServiceConfigCommand : EngineCommand
{
    /// <summary>Where to write it; without it, the text is written to the pipeline.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>What the file's name says, else YAML, when not given.</summary>
    [Parameter]
    public ConfigFormat? Format { get; set; }

    /// <summary>Only the keys that a service can't do without.</summary>
    [Parameter]
    public SwitchParameter RequiredOnly { get; set; }

    [Parameter]
    public ConfigPlaceholder Placeholder { get; set; }

    [Parameter]
    public SwitchParameter NoComments { get; set; }

    /// <summary>Of variables, for the format Env.</summary>
    [Parameter]
    [ValidatePattern("^[A-Za-z_][A-Za-z0-9_]*$")]
    public string? Prefix { get; set; }

    /// <summary>Folder or configuration file of a service whose own schema is to be in it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ServicePath { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the new file's FileInfo.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var file = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        if (file is not null && !ShouldProcess(file, "Write a configuration template"))
            return;

        var request = new ConfigTemplateRequest
        {
            Format = Format ?? ConfigFormat.Yaml,
            RequiredOnly = RequiredOnly,
            Placeholder = Placeholder,
            Comments = !NoComments,
            Prefix = Prefix,
            Path = ServicePath is null ? null : GetUnresolvedProviderPathFromPSPath(ServicePath),
        };
        Run(async call =>
        {
            try
            {
                await WriteAsync(call, request, file);
            }
            catch (ServiceCtlException error)
            {
                call.WriteError(error.Report, error.Target ?? file);
            }
        });
    }

    private async Task WriteAsync(EngineCall call, ConfigTemplateRequest request, string? file)
    {
        if (Format is null)
            request = request with { Format = ConfigurationVerbs.FormatOf(file) };
        var text = await ConfigurationVerbs.GetTemplateAsync(request, call.Cancellation);
        if (file is null)
        {
            call.WriteObject(text);
            return;
        }

        await ConfigurationVerbs.WriteFileAsync(file, text, Force, call.Cancellation);
        if (PassThru)
            call.WriteObject(new FileInfo(file));
    }
}
