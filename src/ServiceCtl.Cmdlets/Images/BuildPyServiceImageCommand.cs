using System.Collections;
using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet("Build", Noun + "Image", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceImageBuild))]
public sealed class BuildPyServiceImageCommand : ServiceImageCommand
{
    /// <summary>The only tag; that of version or commit, and that of the configuration, when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>The Dockerfile, relative to the service's folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? File { get; set; }

    /// <summary>The stage to build; the last one when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <summary>The network of the steps.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>Do every step again.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>Look for newer images to build on.</summary>
    [Parameter]
    public SwitchParameter Pull { get; set; }

    /// <summary>What ARG lines of the Dockerfile get.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable BuildArgument { get; set; } = [];

    /// <summary>Files that steps may read, by their ids, and that stay out of the image.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable Secret { get; set; } = [];

    /// <summary>docker, podman, or the path of the engine's socket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Engine { get; set; }

    /// <summary>Of this host, by their whole paths.</summary>
    private Dictionary<string, string> _ownSecrets = [];

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _ownSecrets = Pairs(Secret, GetUnresolvedProviderPathFromPSPath);
    }

    private protected override bool IsConfirmed(string target) => ShouldProcess(target, "Build its image");

    private protected override async Task ActAsync(EngineCall call, ImageSource source, string name)
    {
        var request = new ImageBuildRequest
        {
            Tag = Tag,
            File = File,
            Target = Target,
            Network = Network,
            NoCache = NoCache,
            Pull = Pull,
            BuildArguments = Pairs(BuildArgument, value => value),
            Secrets = call.Host is null ? _ownSecrets : Pairs(Secret, value => value),
            Engine = Engine,
        };
        await using var progress = new WorkProgress(call, "Building images", 1);
        call.WriteObject(await call.Client.Images.BuildAsync(source, request, call.WriteVerbose, progress, call.Cancellation));
    }

    private static Dictionary<string, string> Pairs(Hashtable table, Func<string, string> valueOf) =>
        table.Cast<DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => valueOf($"{pair.Value}"), StringComparer.Ordinal);
}
