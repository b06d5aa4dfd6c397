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

    private protected override bool ReachesHosts => false;

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing()
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidState, null, "The live view needs a terminal, and this session has none.", "Use Get-PyServiceStatus.")));
        }

        Run(async call =>
        {
            var all = _names is [{ Name: "*" }] && Include.Length == 0 && Exclude.Length == 0;
            var names = all ? [] : await SelectNamesAsync(call, [.. _names.Select(choice => choice.Name)]);
            if (all || names.Count > 0)
                await ShowAsync(names, call.Cancellation);
        });
    }

    private static async Task ShowAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        using var view = Process.Start(new ProcessStartInfo(CommandFile.Path, ["top", .. names.Count == 0 ? ["*"] : names]))!;
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
