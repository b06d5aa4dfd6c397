using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Schedule", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceSchedule))]
public sealed class GetPyServiceScheduleCommand : ServiceQueryCommand
{
    private readonly List<ServiceChoice> _names = [];

    /// <summary>Only schedules of these names, with * and ?.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Schedule { get; set; } = [];

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing() => Run(async call =>
    {
        await OnEachAsync(call, await SelectAsync(call, _names), async (at, services) =>
        {
            var schedules = services.Count == 0
                ? [] : await at.Client.Schedules.GetAsync([.. services.Select(service => service.Name)], at.Cancellation);
            foreach (var schedule in schedules.Where(one =>
                Schedule.Length == 0 || Array.Exists(Schedule, pattern => ServiceSelection.Matches(pattern, one.Name))))
                at.WriteObject(schedule);
        });
    });
}
