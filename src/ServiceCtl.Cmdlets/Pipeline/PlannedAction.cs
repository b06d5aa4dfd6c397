using System.Management.Automation;

namespace ServiceCtl.Cmdlets;

/// <summary>The confirmation of cmdlets that go on with -WhatIf, change nothing, and show what they would make.</summary>
internal static class PlannedAction
{
    /// <param name="cmdlet">Whose.</param>
    /// <param name="action">What it does, as -WhatIf says it.</param>
    /// <param name="target">What to.</param>
    /// <param name="question">What -Confirm asks.</param>
    /// <param name="isDone">Is it to be done? Else it is only shown.</param>
    /// <returns>False for somebody who has said no, who is shown nothing.</returns>
    public static bool IsWanted(Cmdlet cmdlet, string action, string target, string question, out bool isDone)
    {
        isDone = cmdlet.ShouldProcess(
            $"Performing the operation \"{action}\" on target \"{target}\".", question, "Confirm", out var reason);
        return isDone || reason == ShouldProcessReason.WhatIf;
    }
}
