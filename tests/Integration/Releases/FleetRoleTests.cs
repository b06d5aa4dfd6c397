using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Steps and templates of some hosts of a stage: real sshd's, each with files of its own.</summary>
public sealed class FleetRoleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_and_templates_reach_the_hosts_of_their_roles_and_one_host_alone_does_what_all_wait_for()
    {
        await using var project = await FleetProject.StartAsync(3, """
            steps:
              warm: {run: ['echo "$DEPLOY_HOST" >>/srv/warm'], after: publishing, roles: [odd]}
              fetch: {run: ['echo "$DEPLOY_HOST" >>/srv/fetched'], before: updating, primary: true, roles: [odd]}
              migrate: {run: ['basename "$PWD" >>/srv/migrated', 'test ! -e /srv/unready'], before: publishing, primary: true, roles: [odd]}
              tell: {run: ['echo "$DEPLOY_RELEASE" >>/srv/told'], after: finishing, primary: true}
            """);
        project.Write("odd.tmpl", "{{ host }} is {{ roles }}\n");
        project.Write("deploy.production.yaml", "templates: {odd.tmpl: {to: odd.txt, roles: [odd]}}\n");

        var first = await project.MustDeployAsync();
        await File.WriteAllTextAsync(project.On(1, "/srv/unready"), "", Cancellation);
        project.Commit("two");
        var refused = await project.DeployAsync();
        File.Delete(project.On(1, "/srv/unready"));
        var stranger = await project.RunAsync("deploy", "warm", "--host", "web1,web3");
        var alone = await project.DeployAsync("warm");
        var without = await project.DeployAsync("--host", "web1,web3");

        Assert.Equal(["", "web2\nweb2\n", ""], Read("/srv/warm"));
        Assert.Equal(["", "web2\nweb2\n", ""], Read("/srv/fetched"));
        Assert.Equal(["", $"{first}\n{refused.Release!.Id}\n", ""], Read("/srv/migrated"));
        Assert.Equal([$"{first}\n{without.Release!.Id}\n", "", ""], Read("/srv/told"));
        Assert.Equal(["", "web2 is odd\n", ""], Read($"/srv/web/releases/{first}/odd.txt"));
        // It is not in the first batch, and all have waited for it.
        Assert.Equal((ErrorCode.HookFailed, "web2"), (refused.Error!.Code, refused.Error.HostName));
        Assert.All(refused.Hosts, host => Assert.Equal(first, host.Current));
        Assert.True(stranger.Code != 0 && stranger.Error.Contains("runs on web2", StringComparison.Ordinal), stranger.ToString());
        Assert.Equal((null, "web2"), (alone.Error, Assert.Single(alone.Hosts).HostName));
        Assert.Null(without.Error);
        Assert.Contains(without.Warnings, warning => warning.StartsWith("migrate was not run: web2", StringComparison.Ordinal));
        Assert.Equal("two one two", await project.AnswersAsync());

        string[] Read(string path) => [.. project.Hosts.Select(
            host => File.Exists(host.Root + path) ? File.ReadAllText(host.Root + path) : "")];
    }
}
