using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>A disk that is full at one step or another of a deploy.</summary>
public sealed class NoSpaceTests
{
    private const string Fill = "dd if=/dev/zero of=$DEPLOY_TO/filler bs=4k 2>/dev/null; true";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lock", "one")]
    [InlineData("unpack", "one")]
    [InlineData("virtualenv", "one")]
    [InlineData("publish", "two")]
    [InlineData("finish", "two")]
    public async Task What_serves_goes_on_and_with_space_again_the_next_deploy_is_as_ever(string step, string serves)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may mount a small disk");
        await using var project = new DeployedProject(
            step switch
            {
                "publish" => $"hooks: {{before_publish: ['test ! -e fill || {Fill}']}}",
                "finish" => $"steps: {{fill: {{run: ['test ! -e fill || {Fill}'], before: finishing}}}}",
                _ => "",
            },
            step == "virtualenv" ? "env_directory: venv\nservice: {venv: {python: /usr/bin/python3, system_packages: true}}" : "");
        await RunAsync("/bin/mount", "-t", "tmpfs", "-o", $"mode=0755,size={(step == "virtualenv" ? "48m" : "2m")}", "tmpfs", project.Root);
        try
        {
            if (step == "virtualenv")
            {
                project.Write("requirements.txt", "");
                project.Commit("one");
            }

            var first = await project.MustDeployAsync();
            var load = new Load(project.Port, clients: 2);
            await load.ReachAsync(20);
            project.Write("fill", "");
            if (step == "unpack")
                project.Write("large", new string('x', 4 << 20));
            if (step == "virtualenv")
                project.Write("requirements.txt", "# another\n");
            project.Commit("two");
            var filler = Path.Combine(project.Root, "filler");
            if (step == "lock")
                await FillAsync(filler, leave: 0);
            if (step == "virtualenv")
                await FillAsync(filler, leave: 512 << 10);

            var error = await TryDeployAsync(project);

            Assert.Equal(serves == "two", error is null);
            Assert.True(error is null || error.Code is ErrorCode.System or ErrorCode.EnvironmentFailed, $"{error?.Code}: {error?.Message}");
            Assert.Equal(serves, await project.AnswerAsync());
            var states = (await project.ReleasesAsync()).Select(release => release.State).ToArray();
            Assert.Equal(serves == "one" ? ReleaseState.Current : ReleaseState.Previous, states[0]);
            Assert.Equal(step == "lock" ? [] : [serves == "two" ? ReleaseState.Current : ReleaseState.Failed], states[1..]);
            // Half a tree would keep the disk full.
            Assert.Empty(Directory.GetFiles(project.Root, "large", SearchOption.AllDirectories));
            File.Delete(filler);
            File.Delete(Path.Combine(project.Folder, "large"));
            File.Delete(Path.Combine(project.Folder, "fill"));
            project.Commit("three");
            Assert.Equal(ReleaseState.Current, (await project.MustDeployAsync()).State);
            Assert.Equal("three", await project.AnswerAsync());
            var back = await project.RestoreAsync();
            Assert.True(back.Error is null, back.Error?.Message);
            Assert.Equal(serves, await project.AnswerAsync());
            await load.ReachAsync(load.Succeeded + 20);
            await load.DisposeAsync();
            Assert.True(load.Failed == 0, load.FirstFailure);
            Assert.True(Directory.Exists(first.Path));
        }
        finally
        {
            await RunAsync("/bin/umount", "--lazy", project.Root);
        }
    }

    private static async Task<ErrorReport?> TryDeployAsync(DeployedProject project)
    {
        try
        {
            return (await project.DeployAsync()).Error;
        }
        catch (ServiceCtlException error)
        {
            return error.Report;
        }
    }

    private static async Task FillAsync(string path, int leave)
    {
        var left = (int)new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace - leave;
        await File.WriteAllBytesAsync(path, new byte[left], Cancellation);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
