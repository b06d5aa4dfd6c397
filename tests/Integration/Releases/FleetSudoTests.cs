using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Deploys to root's agent by a user who may become root there: real sshd, real sudo.</summary>
public sealed class FleetSudoTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_who_may_become_root_deploys_to_root_s_agent_and_a_password_is_never_asked_for()
    {
        await using var project = await FleetProject.StartAsync(1);
        var host = project.Hosts[0];
        project.Write("deploy.sudo.yaml",
            $"hosts: {{web1: {{ssh: deploy@web1, roles: [even], properties: {{ip: {host.Ip}}}}}}}\n");
        project.Write("deploy.here.yaml", "deploy_to: /nowhere/web\n");

        var refused = await RunAsync("deploy", "sudo", "--sudo");
        var check = await RunAsync("deploy", "check", "sudo", "--sudo");
        var here = await RunAsync("deploy", "here", "--sudo");
        var isUntouched = !Path.Exists(project.On(0, FleetProject.Root));
        await File.WriteAllTextAsync(project.On(0, "/etc/sudoers.d/deploy"),
            "Defaults env_keep += SERVICECTL_HOME\nDefaults env_file = /etc/servicectl.env\ndeploy ALL=(ALL) NOPASSWD: ALL\n",
            Cancellation);
        await File.WriteAllTextAsync(project.On(0, "/etc/servicectl.env"), $"SERVICECTL_HOME={host.Home.Paths.Home}\n", Cancellation);
        var without = await RunAsync("deploy", "sudo");
        Assert.True(without.Code != 0, "root alone may write to /srv");
        var deployed = await RunAsync("deploy", "sudo", "--sudo");
        Assert.True(deployed.Code == 0, deployed.ToString());
        var answer = await project.AnswersAsync();
        project.Commit("two");
        var second = await RunAsync("deploy", "sudo", "--sudo");
        var locked = await RunAsync("deploy", "lock", "sudo", "-m", "audit", "--sudo");
        var unlocked = await RunAsync("deploy", "unlock", "sudo", "--sudo");
        var releases = await RunAsync("releases", "sudo", "--sudo");
        var back = await RunAsync("rollback", "sudo", "--sudo");

        foreach (var result in (CommandResult[])[refused, check])
        {
            Assert.NotEqual(0, result.Code);
            Assert.Contains("Root's agent is not to be had: sudo: a password is required", result.ToString(), StringComparison.Ordinal);
            Assert.Contains("NOPASSWD", result.ToString(), StringComparison.Ordinal);
        }

        Assert.Contains("here is this host", here.Error, StringComparison.Ordinal);
        Assert.True(isUntouched);
        foreach (var result in (CommandResult[])[second, locked, unlocked, releases, back])
            Assert.True(result.Code == 0, result.ToString());
        Assert.Equal("one", answer);
        Assert.Equal("one", await project.AnswersAsync());
        Assert.Single(await host.Home.Client.Services.GetAsync(["web"], Cancellation));
        using var user = host.OpenAsUser();
        Assert.Empty(await user.Services.GetAsync(["*"], Cancellation));
        var release = Directory.GetDirectories(project.On(0, $"{FleetProject.Root}/releases"))[0];
        Assert.Contains("(as deploy, by sudo)", await File.ReadAllTextAsync($"{release}/release.json", Cancellation),
            StringComparison.Ordinal);

        Task<CommandResult> RunAsync(params string[] words) => project.Fleet.RunAsync([.. words, "--path", project.Folder]);
    }
}
