using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Processes;

public sealed class ProcessTreeTests
{
    /// <summary>The last one has a session of its own, so that no signal to a group reaches it.</summary>
    private const string Family = "sh -c 'setsid sleep 100000 & echo $!; wait' & echo $!; wait";

    [Fact]
    public async Task Children_and_their_children_end_with_a_program()
    {
        using var root = Start(Family);
        var members = new List<ProcessIdentity> { ProcessIdentity.Of(root.Id)!.Value };
        for (var number = 0; number < 2; number++)
        {
            var pid = int.Parse((await root.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            members.Add(ProcessIdentity.Of(pid)!.Value);
        }

        await Condition.HoldsAsync(
            () => members.Exists(member => ProcFs.TryReadCommandLine(member.Pid) is ["sleep", ..]), "all of the family are there");
        ProcessTree.Kill(root);

        using var limit = Patience.Begin();
        await root.WaitForExitAsync(limit.Token);
        await Condition.HoldsAsync(() => !members.Exists(member => member.IsAlive()), "all of the family have ended");
    }

    [Fact]
    public async Task One_that_has_ended_is_left_alone()
    {
        using var root = Start("exit 3");
        using var limit = Patience.Begin();
        await root.WaitForExitAsync(limit.Token);

        ProcessTree.Kill(root);

        Assert.Equal(3, root.ExitCode);
    }

    private static Process Start(string script) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
}
