using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Building;

/// <summary>What continuous integration runs, with a build.sh that only prints.</summary>
public sealed class ClosingLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, "integration: 1 passed, 0 failed", "integration: 1 passed, 0 failed, 1 skipped")]
    [InlineData(1, "pester: 10 passed, 0 failed", null)]
    [InlineData(1, "security: 3 passed, 0 failed", null)]
    [InlineData(1, "python: 4 passed, 0 failed", null)]
    [InlineData(1, "pester: 10 passed, 0 failed", "pester: left out")]
    [InlineData(1, "integration: 1 passed, 0 failed", "integration: 0 passed, 0 failed")]
    [InlineData(1, "integration: 1 passed, 0 failed", "integration: 1 passed, 1 failed")]
    public async Task A_suite_that_did_not_run_fails_it(int code, string line, string? instead)
    {
        string[] all = ["unit: 2 passed, 0 failed", "integration: 1 passed, 0 failed", "security: 3 passed, 0 failed",
            "python: 4 passed, 0 failed", "pester: 10 passed, 0 failed"];
        var lines = all.Select(each => each == line ? instead : each).OfType<string>();
        var ci = Directory.CreateDirectory(Path.Combine(_folder, ".ci")).FullName;
        File.Copy(Path.Combine(Repository.Root, ".ci/run"), Path.Combine(ci, "run"));
        var build = Path.Combine(_folder, "build.sh");
        File.WriteAllText(build, $"#!/bin/sh\n{string.Concat(lines.Select(line => $"echo '{line}'\n"))}");
        File.SetUnixFileMode(build, (UnixFileMode)0b111_101_101);

        using var run = Process.Start(
            new ProcessStartInfo("bash", [Path.Combine(ci, "run")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var result = await CommandResult.OfAsync(run);

        Assert.True(result.Code == code, result.ToString());
    }
}
