using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// The user of a service also writes its configuration, and names places of root's in it: no link is needed for that. Root's agent does
/// with them what that user could do.
/// </summary>
public sealed class ForeignConfigurationTests(Attackers attackers) : IAsyncDisposable
{
    private const string Secret =
        "Traceback (most recent call last):\n  File \"/root/x.py\", line 1, in <module>\nRuntimeError: what only root may read\n";

    private readonly Home _home = new();

    private string Folder => _home.Folder("precious");

    private string Precious => Path.Combine(Folder, "data");

    private ThrowawayUser User => attackers.Owner;

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task A_folder_of_roots_is_neither_cleared_nor_written_into()
    {
        var service = Service(more: $"nohup_out_log: {Folder}/said.log\nservice: {{user: USER, json_log: {{file: {Folder}/lines.json}}}}");
        service.Replace("config.yaml", "paths_to_delete: [*tmp]", $"paths_to_delete: [{Folder}, {Precious}]");
        service.Replace("config.yaml", "pid_file: !join [*tmp, /service.pid]", $"pid_file: {Folder}/service.pid");

        var started = await service.MustAsync(ServiceAction.Start);
        var stopped = await service.MustAsync(ServiceAction.Stop);

        Assert.Contains(started.Warnings, warning => warning.Contains("nohup_out_log", StringComparison.Ordinal));
        Assert.Equal(2, stopped.Warnings.Count(warning => warning.Contains("could not be cleared", StringComparison.Ordinal)));
        Assert.Equal([Precious], Directory.GetFileSystemEntries(Folder));
        Assert.Equal(Secret, File.ReadAllText(Precious));
    }

    [Fact]
    public async Task No_folder_is_made_in_one_of_roots()
    {
        var service = Service();
        service.Replace("config.yaml", "directories_to_create: [log, *tmp]", $"directories_to_create: [log, *tmp, {Folder}/new]");

        var refused = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Contains("directories_to_create can't be made", refused.Error!.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{Folder}/new"));
    }

    [Fact]
    public async Task Relog_reads_no_log_that_only_root_may()
    {
        var service = Service(uwsgi: $"logto: {Precious}");
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "register")).Code);

        var read = await _home.RunAsync(service.Folder, "relog", service.Name);

        Assert.DoesNotContain("only root may read", read.Output + read.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Folder, "relog")));
    }

    /// <summary>What a file of root's says would be in the service's environment, and its user's.</summary>
    [Theory]
    [InlineData("service: {user: USER, sources: {files: [config.yaml, SECRET.yaml]}}", null)]
    [InlineData("service: {user: USER, sources: {env_files: [SECRET.env]}}", null)]
    [InlineData("service: {user: USER}\n", ".env")]
    public async Task A_configuration_names_no_file_that_its_user_may_not_read(string changed, string? link)
    {
        var secret = Path.Combine(Folder, "secret");
        foreach (var (kind, text) in new[]
        {
            ("yaml", "service: {environment: {LEAK: stolen}}\n"), ("env", "SERVICECTL__SERVICE__ENVIRONMENT__LEAK=stolen\n"),
        })
        {
            File.WriteAllText($"{secret}.{kind}", text);
            File.SetUnixFileMode($"{secret}.{kind}", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var service = Service();
        await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", $"service: {{user: {User.Name}}}",
            changed.Replace("USER", User.Name, StringComparison.Ordinal).Replace("SECRET", secret, StringComparison.Ordinal));
        if (link is not null)
            File.CreateSymbolicLink(Path.Combine(service.Folder, link), $"{secret}.env");

        var refused = await service.OrderAsync(ServiceAction.Restart);
        var again = await _home.RunAsync("/", "exec", service.Name, "--", "env");

        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Contains($"{User.Name} may not read the file", refused.Error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("stolen", again.Output + again.Error, StringComparison.Ordinal);
        await service.MustAsync(ServiceAction.Stop);
        Assert.Equal(0, (await _home.RunAsync("/", "unregister", service.Name)).Code);
        Assert.Contains("may not read the file", (await _home.RunAsync(service.Folder, "start")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandResult.RunAsync("/bin/chown", "-h", "root:root", service.Folder, service.Config)).Code);
        if (link is not null)
            return;

        await service.MustAsync(ServiceAction.Start);
        Assert.Contains("stolen", (await _home.RunAsync("/", "exec", service.Name, "--", "env")).Output, StringComparison.Ordinal);
    }

    /// <summary>What is pushed from a file is the service's to read.</summary>
    [Fact]
    public async Task No_file_of_roots_is_pushed_to_it()
    {
        var service = Service(more: $"service: {{user: USER, remote: {{file: pushed.json, watch: {Folder}/secret.json}}}}");
        File.WriteAllText($"{Folder}/secret.json", """{"leak": "stolen"}""");
        File.SetUnixFileMode($"{Folder}/secret.json", UnixFileMode.UserRead | UnixFileMode.UserWrite);

        _ = await service.OrderAsync(ServiceAction.Start);

        await Condition.HoldsAsync(
            async () => (await _home.RunAsync("/", "events", service.Name)).Output
                .Contains("may not read the file", StringComparison.Ordinal),
            "the refusal is an event");
        Assert.False(File.Exists(Path.Combine(service.Folder, "pushed.json")));
    }

    [Fact]
    public async Task Nor_is_one_read_for_its_tests()
    {
        var service = Service();
        File.WriteAllText($"{Folder}/secret.yaml", "stolen: {words: [of, root]}\n");
        File.SetUnixFileMode($"{Folder}/secret.yaml", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Path.Combine(service.Folder, "tests.yaml"), $"{Folder}/secret.yaml");
        await service.MustAsync(ServiceAction.Start);

        var tested = await _home.RunAsync(service.Folder, "tests", service.Name);

        Assert.Contains($"{User.Name} may not read the file", tested.Output + tested.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("stolen", tested.Output + tested.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yaml", "service: {environment: {LEAK: stolen}}\n", "sources: {files: [config.yaml, SECRET]}")]
    [InlineData("env", "SERVICECTL__SERVICE__ENVIRONMENT__LEAK=stolen\n", "sources: {env_files: [SECRET]}")]
    public async Task Nor_is_one_read_for_a_service_in_the_foreground(string kind, string text, string more)
    {
        var secret = Path.Combine(Folder, $"secret.{kind}");
        File.WriteAllText(secret, text);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var service = new LocalService(
            _home, "front", $"service: {{runner: command, command: [env], user: {User.Name}, restart: {{when: never}}, "
                + $"{more.Replace("SECRET", secret, StringComparison.Ordinal)}}}\n");
        ThrowawayUser.Open(service.Folder);
        User.Own(service.Folder);

        var run = await _home.RunAsync(service.Folder, "run", service.Folder);

        Assert.NotEqual(0, run.Code);
        Assert.Contains($"{User.Name} may not read the file", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("stolen", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_roots_goes_to_no_Consul_that_the_user_names()
    {
        await using var consul = new FakeConsul();
        var service = Service(
            more: $"CONSUL_ADDRESS: 127.0.0.1\nCONSUL_PORT: {consul.HttpPort}\nCONSUL_REGISTRATION: true\nservice: {{user: USER, consul: "
                + $"{{token_file: {Precious}}}}}");

        await service.MustAsync(ServiceAction.Start);
        _ = await service.StatusAsync();
        await service.MustAsync(ServiceAction.Stop);

        Assert.DoesNotContain(consul.Tokens, token => token?.Contains("only root", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task The_program_that_takes_mail_runs_as_the_user_and_knows_nothing_of_the_agent()
    {
        var service = Service(more: "service: {user: USER}\nalerts: {mail: {sendmail: ./mail.sh, critical: {to: [ops@example.org]} } }");
        var (program, found) = (Path.Combine(service.Folder, "mail.sh"), Path.Combine(service.Folder, "found"));
        File.WriteAllText(program, $"#!/bin/sh\ncat >/dev/null\necho \"$(id -un) $SERVICECTL_HOME\" >>{found}\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        User.Own(service.Folder);
        await service.MustAsync(ServiceAction.Start);

        using (var master = System.Diagnostics.Process.GetProcessById((await service.StatusAsync()).Pid!.Value))
            master.Kill();
        await Condition.HoldsAsync(() => File.Exists(found), "the mail is given to the program");
        var tried = await _home.RunAsync("/", "alerts", "test", "foreign");

        Assert.Equal(0, tried.Code);
        Assert.All(File.ReadAllLines(found), line => Assert.Equal($"{User.Name} ", line));
        Assert.Equal(0, (await CommandResult.RunAsync("/bin/chown", "root:root", service.Folder, service.Config)).Code);
        await service.MustAsync(ServiceAction.Restart);
        Assert.Equal(0, (await _home.RunAsync("/", "alerts", "test", "foreign")).Code);
        Assert.StartsWith("root ", File.ReadAllLines(found)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_root_alone_writes_the_configuration_it_may_name_places_of_roots()
    {
        var service = Service(more: $"service: {{user: USER, json_log: {{file: {Folder}/lines.json}}}}");
        service.Replace("config.yaml", "directories_to_create: [log, *tmp]", $"directories_to_create: [log, *tmp, {Folder}/new]");
        Assert.Equal(0, (await CommandResult.RunAsync("/bin/chown", "root:root", service.Folder, service.Config)).Code);

        await service.MustAsync(ServiceAction.Start);

        Assert.Equal($"{User.Name}\n", (await CommandResult.RunAsync("/usr/bin/stat", "-c", "%U", $"{Folder}/new")).Output);
        await Condition.HoldsAsync(() => File.Exists($"{Folder}/lines.json"), "root writes its log");
    }

    private FlaskService Service(string? uwsgi = null, string more = "service: {user: USER}")
    {
        File.WriteAllText(Precious, Secret);
        File.SetUnixFileMode(Precious, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var service = new FlaskService(_home, "foreign", uwsgi, more.Replace("USER", User.Name, StringComparison.Ordinal));
        ThrowawayUser.Open(service.Folder);
        Directory.CreateDirectory(Path.Combine(service.Folder, "log"));
        Directory.CreateDirectory(Path.Combine(service.Folder, "tmp"));
        User.Own(service.Folder);
        return service;
    }
}
