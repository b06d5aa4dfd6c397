using System.Management.Automation;
using System.Management.Automation.Host;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, Noun, DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(PyServiceTestResult), typeof(bool))]
public sealed class TestPyServiceCommand : ServiceSelectionCommand
{
    private readonly List<ServiceChoice> _names = [];

    [Parameter(
        ParameterSetName = NameSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Service", "ServiceName")]
    [ServiceNames]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [SupportsWildcards]
    public override string[] Name { get; set; } = [];

    /// <summary>Only tests whose names match one of these.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] TestName { get; set; } = [];

    /// <summary>Longest time for each test, in seconds, 0.1 to 86400; what tests.yaml says when not given.</summary>
    [Parameter]
    [ValidateRange(0.1, 86400)]
    public double? TimeoutSec { get; set; }

    /// <summary>Who asks for the token, where tests.yaml has no <c>auth</c>.</summary>
    [Parameter]
    public PSCredential? Credential { get; set; }

    /// <summary>A file that gets the results as JUnit XML as well.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Write $true when no critical test failed and every service could be tested, else $false, and nothing more.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing()
    {
        IReadOnlyList<PyService> services = [];
        Run(async call => services = await SelectAsync(call, _names));
        if (services.Count == 0)
        {
            if (Quiet)
                WriteObject(false);
            return;
        }

        var run = new TestRun(TestName, TimeoutSec, Quiet);
        Run(call => OnEachAsync(call, services, (at, group) => run.RunAsync(at, [.. group.Select(service => service.Name)], Credential)));
        if (Credential is null && run.WithoutCredential is { Count: > 0 } unknown
            && Ask([.. unknown.Select(each => each.Service)]) is { } credential)
        {
            var again = services.Where(service => unknown.Contains((service.HostName, service.Name)));
            Run(call => OnEachAsync(call, again, (at, group) => run.RunAsync(at, [.. group.Select(service => service.Name)], credential)));
        }

        var path = OutputPath is null ? null : GetUnresolvedProviderPathFromPSPath(OutputPath);
        Run(call => Task.Run(() =>
        {
            if (path is not null)
                run.WriteReport(path);
            // Last of all: with -ErrorAction Stop the first error ends the command.
            if (Quiet)
                call.WriteObject(!run.HasFailed);
            else
                run.WriteFailures(call);
        }));
    }

    /// <summary>Null where nobody can be asked.</summary>
    private PSCredential? Ask(string[] services)
    {
        if (Console.IsInputRedirected)
            return null;
        try
        {
            return Host.UI.PromptForCredential("ServiceCtl", $"The integration tests of {string.Join(", ", services)} need a token.",
                userName: "", targetName: "");
        }
        catch (Exception error) when (error is PSInvalidOperationException or PSNotImplementedException or HostException)
        {
            return null;
        }
    }
}
