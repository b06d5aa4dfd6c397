using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>The soak, small: some services under a quarter of a minute of trouble. './build.sh soak' is the whole.</summary>
public sealed class SmallSoakTests
{
    private static readonly string Soak = Path.Combine(Repository.Root, "tests/Soak/soak.py");

    [Fact]
    public async Task After_kills_restarts_edits_and_a_dying_agent_every_wanted_service_runs_once()
    {
        var start = new ProcessStartInfo("/usr/bin/python3",
            [Soak, Home.Executable, "--services", "40", "--seconds", "15"])
        { RedirectStandardOutput = true };
        using var soak = Process.Start(start)!;

        var output = await soak.StandardOutput.ReadToEndAsync();

        await soak.WaitForExitAsync();
        Assert.True(soak.ExitCode == 0, output);
    }
}
