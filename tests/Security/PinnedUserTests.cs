using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>Whom a service runs as is decided by root: by registering it, or by a configuration that root alone can write.</summary>
public sealed class PinnedUserTests(Attackers attackers) : HostileTests(attackers)
{
    /// <summary>
    /// The user stays the one that root has registered, whatever the user writes, and whichever way the change would come into force.
    /// </summary>
    [Theory]
    [InlineData("service: {on_change: restart}", "root")]
    [InlineData("service: {on_change: restart, user: root}", "root")]
    [InlineData("service: {on_change: restart, user: nobody}", "nobody")]
    public async Task Who_may_write_the_configuration_does_not_decide_whom_the_service_runs_as(string changed, string wanted)
    {
        var service = Service(more: "service: {on_change: restart, user: USER}");
        await service.MustAsync(ServiceAction.Start);

        service.Replace("config.yaml", $"service: {{on_change: restart, user: {User.Name}}}", changed);
        await Condition.HoldsAsync(
            async () => (await EventsAsync(service)).Contains("others than root can change", StringComparison.Ordinal),
            "the change was seen");
        var refused = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Equal(ErrorCode.AccessDenied, refused.Error!.Code);
        Assert.Contains(wanted, refused.Error.Message, StringComparison.Ordinal);
        Assert.Equal(User.Name, await service.GetAsync("/environment/USER"));

        await Home.KillAgentAsync();
        Assert.Equal(User.Name, await service.GetAsync("/environment/USER"));
        Assert.Equal(OperationOutcome.Failed, (await service.OrderAsync(ServiceAction.Restart)).Outcome);
        await service.MustAsync(ServiceAction.Stop);
    }

    /// <summary>Root's own commands read the same configuration as root's agent.</summary>
    [Theory]
    [InlineData("exec", "hostile", "--", "id", "-un")]
    [InlineData("env", "hostile")]
    [InlineData("unit", "hostile")]
    public async Task Nor_does_it_for_a_command_of_roots(params string[] command)
    {
        var service = Service(more: "env_directory: venv\nservice: {user: USER}");
        Assert.Equal(0, (await Home.RunAsync(service.Folder, "register")).Code);
        service.Replace("config.yaml", $"user: {User.Name}", "umask: '022'");

        var refused = await Home.RunAsync("/", command);

        Assert.Equal(1, refused.Code);
        Assert.Contains("others than root can change", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("root\n", refused.Output, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(service.Folder, "venv")));
    }

    [Fact]
    public async Task A_service_that_would_run_as_root_is_refused_where_others_can_write_its_configuration()
    {
        var service = Service(more: "");

        var refused = await Home.RunAsync(service.Folder, "start");

        Assert.Equal(1, refused.Code);
        Assert.Contains("others than root can change", refused.Error, StringComparison.Ordinal);
        Assert.Contains("service.user", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Home.ProcessesOf(service.Name));
    }

    [Fact]
    public async Task A_configuration_that_root_alone_can_write_may_change_the_user()
    {
        var service = Service(more: "service: {user: USER}");
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal(0, (await CommandResult.RunAsync("/bin/chown", "root:root", service.Folder, service.Config)).Code);
        service.Replace("config.yaml", $"user: {User.Name}", "user: nobody");
        Assert.Equal(0,
            (await CommandResult.RunAsync("/bin/chown", "-R", "nobody", Path.Combine(service.Folder, "log"),
                Path.Combine(service.Folder, "tmp"))).Code);

        await service.MustAsync(ServiceAction.Restart);

        Assert.Equal("nobody", await service.GetAsync("/environment/USER"));
    }
}
