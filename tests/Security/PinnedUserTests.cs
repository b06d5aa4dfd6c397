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

    /// <summary>Whose rights count is what root has said last, not what it said when the agent came up.</summary>
    [Fact]
    public async Task When_root_has_changed_the_user_files_are_read_with_the_rights_of_the_new_one()
    {
        var service = new LocalService(Home, "passed-on", $"service: {{runner: command, command: [sleep, '100000'], user: {User.Name}}}\n");
        ThrowawayUser.Open(service.Folder);
        await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", User.Name, Stranger.Name);
        await service.MustAsync(ServiceAction.Restart);

        Stranger.Own(service.Folder);
        var settings = Path.Combine(service.Folder, ".env");
        WriteSettings(settings, "own", Stranger);
        await service.MustAsync(ServiceAction.Restart);
        Assert.Contains("KEPT=own", (await Home.RunAsync("/", "exec", service.Name, "--", "env")).Output, StringComparison.Ordinal);

        var others = Path.Combine(Home.Folder("others"), "settings.env");
        ThrowawayUser.Open(Path.GetDirectoryName(others)!);
        WriteSettings(others, "stolen", User);
        Link(settings, others);
        var refused = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Contains($"{Stranger.Name} may not read the file", refused.Error!.Message, StringComparison.Ordinal);
        await Condition.HoldsAsync(
            async () => (await EventsAsync(service)).Contains("may not read the file", StringComparison.Ordinal), "the change was seen");
        Assert.DoesNotContain("stolen", await EventsAsync(service), StringComparison.Ordinal);
    }

    private static void WriteSettings(string file, string value, ThrowawayUser owner)
    {
        File.WriteAllText(file, $"SERVICECTL__SERVICE__ENVIRONMENT__KEPT={value}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        owner.Own(file);
    }
}
