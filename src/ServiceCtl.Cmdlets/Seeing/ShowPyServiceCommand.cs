using System.Diagnostics;
using System.Management.Automation;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Gives the terminal to <c>servicectl top</c>. The view lives there alone: a process of its own can take the keyboard and the screen
/// and give both back, whatever becomes of it.
/// </summary>
[Cmdlet(VerbsCommon.Show, Noun, DefaultParameterSetName = NameSet)]
[OutputType(typeof(void))]
public sealed class ShowPyServiceCommand : ServiceQueryCommand
{
    private readonly List<ServiceChoice> _names = [];

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing()
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidState, null, "The live view needs a terminal, and this session has none.", "Use Get-PyServiceStatus.")));
        }

        if (_names.DistinctBy(choice => choice.Host?.HostName).Skip(1).Any())
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, null, "The live view shows the services of one host, and these are of several.",
                "Name one host; Get-PyServiceStatus shows those of several.")));
        }

        Run(call => OnEachAsync(call, _names, async (at, _, given) =>
        {
            var all = given is ["*"] && Include.Length == 0 && Exclude.Length == 0;
            var names = all ? ["*"] : await SelectNamesAsync(at, given);
            if (names.Count > 0)
                await ShowAsync(at, names);
        }));
    }

    private static async Task ShowAsync(EngineCall call, IReadOnlyList<string> names)
    {
        var cancellation = call.Cancellation;
        using var view = call.Client.ShowThere(names) ?? Process.Start(new ProcessStartInfo(CommandFile.Path, ["top", .. names]))!;
        try
        {
            await view.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C goes to both of us; this is for a session that is stopped by other means.
            view.Kill();
            throw;
        }
    }
}
