using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Schedule", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceSchedule))]
public sealed class GetPyServiceScheduleCommand : ServiceListCommand
{
    /// <summary>Only schedules of these names, with * and ?.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Schedule { get; set; } = [];

    private protected override async Task WriteAsync(EngineCall at, IReadOnlyList<string> names)
    {
        foreach (var schedule in (await at.Client.Schedules.GetAsync(names, at.Cancellation)).Where(IsChosen))
            at.WriteObject(schedule);
    }

    private bool IsChosen(PyServiceSchedule schedule) =>
        Schedule.Length == 0 || Array.Exists(Schedule, pattern => ServiceSelection.Matches(pattern, schedule.Name));
}
