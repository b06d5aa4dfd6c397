using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Hosts;

/// <summary>Verbs that read and make files where the services are: a user can't tell that they are done elsewhere.</summary>
public sealed class HostRelayTests
{
    [Fact]
    public async Task Verbs_about_files_say_the_same_as_on_the_host_itself()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1");
        var host = fleet.Hosts[0];
        var service = Sleepers.Create(host.Home, "web");

        var registered = await fleet.RunAsync("register", service.Folder, "--host", "web1");
        var nowhere = await fleet.RunAsync("register", "/nowhere", "--host", "web1");
        var wrapper = await fleet.RunAsync("ruffles", "web", "--host", "web1");
        var exec = await fleet.RunAsync("exec", "--host", "web1", "web", "--", "sh", "-c", "echo \"$0 --host $(pwd)\"; exit 3", "it's");
        var unregistered = await fleet.RunAsync("unregister", "web", "--host", "web1");

        Assert.Equal($"web is registered with {service.Config}.\n", registered.Output);
        Assert.Equal(1, nowhere.Code);
        Assert.StartsWith("error: ", nowhere.Error, StringComparison.Ordinal);
        Assert.StartsWith($"web: wrote {service.Folder}", wrapper.Output, StringComparison.Ordinal);
        Assert.Equal((3, $"it's --host {service.Folder}\n"), (exec.Code, exec.Output));
        Assert.Equal("web is no longer registered.\n", unregistered.Output);
    }

    [Fact]
    public async Task Configurations_of_several_hosts_are_told_apart_and_a_dead_host_is_an_error_of_its_own()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1", "web2");
        fleet.Add($"Host dead\n  HostName 127.0.0.1\n  Port {LocalService.FreePort()}\n");
        foreach (var host in fleet.Hosts)
            await Sleepers.Create(host.Home, "web").RegisterAsync();

        var own = await fleet.Hosts[0].Home.RunAsync("/", "config", "web", "--key", "service.runner");
        var one = await fleet.RunAsync("config", "web", "--key", "service.runner", "--host", "web1");
        var all = await fleet.RunAsync("config", "--host", "web1,web2,dead", "check", "web");
        var json = await fleet.RunAsync("config", "web", "--key=service.runner", "--json", "--host", "web1,web2");
        var agents = await fleet.RunAsync("agent", "--json", "--host", "web1,web2");
        var local = await fleet.RunAsync("config", "schema", "--host", "web1");

        Assert.Equal(own, one);
        Assert.Equal(1, all.Code);
        Assert.Matches("(?m)^web1: web: .*: valid", all.Output);
        Assert.Matches("(?m)^web2: web: .*: valid", all.Output);
        Assert.Contains("error: dead: The host can't be reached", all.Error, StringComparison.Ordinal);
        Assert.Equal(2, json.Output.Split("\"key\":\"service.runner\"").Length - 1);
        Assert.Contains("\"hostName\":\"web2\"", json.Output, StringComparison.Ordinal);
        Assert.Equal(2, agents.Output.Split("\"hostName\"").Length - 1);
        Assert.Equal(2, local.Code);
        Assert.Contains("schema makes a document here: it takes no --host.", local.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_of_this_host_is_pushed_and_tests_are_run_on_the_others()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1", "web2");
        foreach (var host in fleet.Hosts)
        {
            await new LocalService(host.Home, "web",
                "service: {runner: command, command: [sleep, '1000'], remote: {override: override.json}}").RegisterAsync();
        }

        var file = Path.Combine(fleet.User.Folder("files"), "new.yaml");
        await File.WriteAllTextAsync(file, "log_level: debug\n");
        var pushed = await fleet.RunAsync("config", "push", file, "web", "--host", "web1,web2", "--no-wait");
        var tests = await fleet.RunAsync("tests", "web", "--host", "web1,web2");

        Assert.Matches("(?m)^(error: )?web1: ", pushed.Output + pushed.Error);
        Assert.Matches("(?m)^(error: )?web2: ", pushed.Output + pushed.Error);
        Assert.Contains("web1: ", tests.Output + tests.Error, StringComparison.Ordinal);
        Assert.Contains("web2: ", tests.Output + tests.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_s_agent_is_asked_by_sudo_and_a_password_is_never_asked_for()
    {
        await using var fleet = await HostFleet.StartApartAsync("web1");
        var host = fleet.Hosts[0];
        await Sleepers.Create(host.Home, "web").RegisterAsync();

        var refused = await fleet.RunAsync("list", "--host", "deploy@web1", "--sudo");
        var relayed = await fleet.RunAsync("config", "web", "--host", "deploy@web1", "--sudo");
        await File.WriteAllTextAsync(Path.Combine(host.Root, "etc/sudoers.d/deploy"),
            $"Defaults env_keep += SERVICECTL_HOME\nDefaults env_file = /etc/servicectl.env\ndeploy ALL=(ALL) NOPASSWD: ALL\n");
        await File.WriteAllTextAsync(Path.Combine(host.Root, "etc/servicectl.env"), $"SERVICECTL_HOME={host.Home.Paths.Home}\n");
        var list = await fleet.RunAsync("list", "--host", "deploy@web1", "--sudo");
        var own = await fleet.RunAsync("list", "--host", "deploy@web1");

        Assert.Contains("error: deploy@web1: Root's agent is not to be had: sudo: a password is required", refused.Error,
            StringComparison.Ordinal);
        Assert.Contains("sudo: a password is required", relayed.Error, StringComparison.Ordinal);
        Assert.True(list.Code == 0, list.ToString());
        Assert.StartsWith("web ", list.Output, StringComparison.Ordinal);
        Assert.Equal("", own.Output);
    }
}
