using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// Root's agent and a service's user who owns the folder and would like to have more: links and FIFOs in the places that root reads,
/// writes, makes and deletes. docs/security.md holds the rule.
/// </summary>
public sealed class HostileFolderTests(Attackers attackers) : HostileTests(attackers)
{
    [Fact]
    public async Task Relog_reads_and_writes_nothing_that_the_services_user_could_not()
    {
        var service = Service("logto: log/uwsgi.log");
        await service.MustAsync(ServiceAction.Start);
        var results = Directory.CreateDirectory(Path.Combine(service.Folder, "log", "relog")).FullName;
        User.Own(service.Folder);
        Link(Path.Combine(service.Folder, "log", "uwsgi.log"), Precious);

        var read = await Home.RunAsync(service.Folder, "relog", service.Name);

        Assert.Contains("uwsgi.log may not be read", read.Output + read.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("only root may read", read.Output + read.Error, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(results),
            file => Assert.DoesNotContain("only root", File.ReadAllText(file), StringComparison.Ordinal));

        foreach (var file in Directory.GetFiles(results))
            File.Delete(file);
        Link(Path.Combine(results, "exceptions.log"), Precious);
        var written = await Home.RunAsync(service.Folder, "relog", service.Name, "-r", "on");

        Assert.NotEqual(0, written.Code);
        AssertPreciousIsIntact();
    }

    [Fact]
    public async Task A_json_log_that_is_a_link_to_roots_file_gets_nothing_and_a_warning_says_so()
    {
        var service = Service(more: "service: {user: USER, json_log: {file: log/lines.json}}");
        Link(Path.Combine(service.Folder, "log", "lines.json"), Precious);

        await service.MustAsync(ServiceAction.Start);

        await Condition.HoldsAsync(
            async () => (await EventsAsync(service)).Contains("lines.json does not take the lines", StringComparison.Ordinal),
            "the warning is there");
        AssertPreciousIsIntact();
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task A_link_inside_a_configured_path_leads_to_no_folder_file_or_link_of_roots()
    {
        var service = Service(more: "service: {user: USER}");
        service.Replace("config.yaml", "paths_to_delete: [*tmp]", "paths_to_delete: [sub/deep]");
        service.Replace("config.yaml", "pid_file: !join [*tmp, /service.pid]", "pid_file: sub/service.pid");
        var folder = Path.GetDirectoryName(Precious)!;
        Directory.CreateDirectory(Path.Combine(folder, "deep"));
        File.WriteAllText(Path.Combine(folder, "deep", "kept"), "");
        Link(Path.Combine(service.Folder, "sub"), folder);

        await service.MustAsync(ServiceAction.Start);
        var stopped = await service.MustAsync(ServiceAction.Stop);

        Assert.True(File.Exists(Path.Combine(folder, "deep", "kept")));
        Assert.Equal(["data", "deep"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
        Assert.Contains(stopped.Warnings, warning => warning.Contains("could not be cleared", StringComparison.Ordinal));
        AssertPreciousIsIntact();
    }

    [Fact]
    public async Task A_folder_that_is_to_be_made_behind_a_link_is_made_with_the_users_rights_or_not_at_all()
    {
        var service = Service(more: "service: {user: USER}");
        service.Replace("config.yaml", "directories_to_create: [log, *tmp]", "directories_to_create: [log, *tmp, sub/new]");
        var folder = Path.GetDirectoryName(Precious)!;
        _ = Precious;
        Link(Path.Combine(service.Folder, "sub"), folder);

        var refused = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Contains("sub/new of directories_to_create can't be made", refused.Error!.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "new")));
    }

    [Fact]
    public async Task What_the_user_leaves_in_the_folder_of_a_launch_is_removed_with_its_rights()
    {
        var service = Service(more: "service: {user: USER}");
        await service.MustAsync(ServiceAction.Start);
        var folder = Path.Combine(Home.Paths.ServiceRun(service.Name), "1", "0");
        var precious = Path.GetDirectoryName(Precious)!;
        File.WriteAllText(Precious, Secret);
        await User.RunAsync("ln", "-s", precious, Path.Combine(folder, "link"));
        await User.RunAsync("mkdir", "-p", Path.Combine(folder, "closed", "inner"));
        await User.RunAsync("chmod", "0", Path.Combine(folder, "closed"));

        await service.MustAsync(ServiceAction.Stop);

        Assert.False(Directory.Exists(folder));
        AssertPreciousIsIntact();
    }

    [Theory]
    [InlineData("tmp/service.pid")]
    [InlineData("log/lines.json")]
    [InlineData("log/uwsgi.log")]
    public async Task A_fifo_where_a_file_belongs_holds_nothing_up(string file)
    {
        var service = Service("log-date: true", "service: {user: USER, json_log: {file: log/lines.json}}");
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);
        var path = Path.Combine(service.Folder, file);
        File.Delete(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Assert.Equal(0, (await CommandResult.RunAsync("/usr/bin/mkfifo", path)).Code);
        User.Own(service.Folder);

        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.HotRestart);
        Assert.Equal(0, (await Home.RunAsync(service.Folder, "status", service.Name)).Code);
        await service.MustAsync(ServiceAction.Stop);
    }

    [Fact]
    public async Task A_client_says_nothing_to_a_program_of_another_user_that_listens_in_the_agents_place()
    {
        var service = Service();
        await Home.Client.Agent.StopAsync(RunningServices.Stop, CancellationToken.None);
        Directory.CreateDirectory(Home.Paths.Home);
        ThrowawayUser.Open(Home.Paths.Home);
        User.Own(Home.Paths.Home);
        var heard = Path.Combine(service.Folder, "heard");
        var listening = User.RunAsync(
            "/usr/bin/python3", "-c",
            $"import socket; s = socket.socket(socket.AF_UNIX); s.bind('{Home.Paths.Socket}'); s.listen(); c = s.accept()[0]; "
                + $"open('{heard}', 'wb').write(c.recv(1))");
        await Condition.HoldsAsync(() => File.Exists(Home.Paths.Socket), "somebody listens");

        var refused = await Home.RunAsync(service.Folder, "status");

        Assert.Equal(1, refused.Code);
        Assert.Contains("sudo -u", refused.Error, StringComparison.Ordinal);
        await listening;
        Assert.Empty(await File.ReadAllBytesAsync(heard));
        File.Delete(Home.Paths.Socket);
        Assert.Equal(0, (await CommandResult.RunAsync("/bin/chown", "-R", "root:root", Home.Paths.Home)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/link")]
    [InlineData("/new/home")]
    public async Task Roots_agent_does_not_live_where_others_can_change_something(string place)
    {
        var service = Service();
        var open = Home.Folder("open");
        ThrowawayUser.Open(open);
        Link(Path.Combine(open, "link"), Path.GetDirectoryName(Precious)!);
        User.Own(open);
        var before = File.GetUnixFileMode(Path.GetDirectoryName(Precious)!);

        using var process = System.Diagnostics.Process
            .Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/env", [$"SERVICECTL_HOME={open}{place}", Home.Executable, "start"])
            {
                WorkingDirectory = service.Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var refused = await CommandResult.OfAsync(process);

        Assert.Equal(1, refused.Code);
        Assert.Contains("others than root can change", refused.Error, StringComparison.Ordinal);
        Assert.Contains("SERVICECTL_HOME", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.GetUnixFileMode(Path.GetDirectoryName(Precious)!));
        Assert.False(Directory.Exists(Path.Combine(open, "new")));
    }

    [Fact]
    public async Task A_services_user_can_not_list_the_services_of_root()
    {
        var service = Service();
        await service.MustAsync(ServiceAction.Start);
        var runs = Path.GetDirectoryName(Home.Paths.ServiceRun(service.Name))!;

        Assert.NotEqual(0, (await User.RunAsync("ls", runs)).Code);
        Assert.NotEqual(0, (await User.RunAsync("ls", Home.Paths.ServiceRun(service.Name))).Code);
        Assert.Equal(0, (await User.RunAsync("ls", Path.Combine(Home.Paths.ServiceRun(service.Name), "1", "0"))).Code);
    }

    [Fact]
    public async Task What_operations_say_is_appended_to_no_file_of_roots()
    {
        var service = Service(more: "nohup_out_log: log/nohup.log\nservice: {user: USER}");
        Link(Path.Combine(service.Folder, "log", "nohup.log"), Precious);

        var started = await service.MustAsync(ServiceAction.Start);

        Assert.Contains(started.Warnings, warning => warning.Contains("nohup_out_log", StringComparison.Ordinal));
        AssertPreciousIsIntact();
    }

    [Fact]
    public async Task A_report_a_wrapper_and_a_unit_go_where_their_folder_is_and_not_through_a_link()
    {
        var service = Service();
        File.WriteAllText(Path.Combine(service.Folder, "tests.yaml"), "integration: []\n");
        var (report, wrapper, unit) = (Path.Combine(service.Folder, "report.xml"), Path.Combine(service.Folder, "service"),
            Path.Combine(service.Folder, "hostile.service"));
        foreach (var file in (string[])[report, wrapper, unit])
            Link(file, Precious);
        User.Own(service.Folder);
        Assert.Equal(0, (await Home.RunAsync(service.Folder, "register")).Code);

        var tested = await Home.RunAsync(service.Folder, "tests", service.Name, "--output", report);
        var wrapped = await Home.RunAsync(service.Folder, "ruffles", service.Name, "--force");
        var exported = await Home.RunAsync(service.Folder, "unit", service.Name, "-d", service.Folder, "--force");

        AssertPreciousIsIntact();
        Assert.True(wrapped.Code == 0 && exported.Code == 0, $"{tested}\n{wrapped}\n{exported}");
        Assert.All(new[] { wrapper, unit }, file => Assert.Null(new FileInfo(file).LinkTarget));
        Assert.Equal($"{User.Name}\n", (await CommandResult.RunAsync("/usr/bin/stat", "-c", "%U", wrapper)).Output);
    }

    [Theory]
    [InlineData("uwsgi.ini", "")]
    [InlineData("workers", "gunicorn")]
    public async Task A_fifo_in_the_folder_of_a_launch_holds_nothing_up(string file, string runner)
    {
        var service = runner.Length == 0
            ? Service() : Service(more: $"service: {{user: USER, runner: {runner}, app: 'app:app', listen: 127.0.0.1:PORT}}");
        await service.MustAsync(ServiceAction.Start);
        var path = Path.Combine(Home.Paths.ServiceRun(service.Name), "1", "0", file);
        await User.RunAsync("rm", path);
        Assert.Equal(0, (await User.RunAsync("mkfifo", path)).Code);

        _ = await service.OrderAsync(ServiceAction.HotRestart);
        Assert.Equal(0, (await Home.RunAsync(service.Folder, "status", service.Name)).Code);
        await service.MustAsync(ServiceAction.Restart);
        await service.MustAsync(ServiceAction.Stop);
    }
}
