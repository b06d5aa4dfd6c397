// Longer than 300 lines: every way that leads to a folder, with the helpers that all of them need.
using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.CommandLine;

/// <summary>Commands that are given in a folder: one that is reached through links, one that was renamed, one that was deleted.</summary>
public sealed class FolderTests : IAsyncDisposable
{
    private const string Sleeper = "service: {runner: command, command: [sleep, '1000']}";

    private const string Odd = "-all \"quo'tes\" back\\slash new\nline %(x)%d $(HOME) ünïcödé [1]*?{b}~#;:,=&|<>!";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task The_folder_is_registered_by_the_link_that_its_user_went_through()
    {
        var service = new ReleasedService(_home, "linked", Sleeper);

        await OkAsync($"cd '{service.Folder}' && servicectl start && cd -P . && servicectl restart && servicectl status");

        Assert.Equal(Path.Combine(service.Folder, "config.yaml"), (await service.StatusAsync()).ConfigPath);
        Assert.Single(await _home.Client.Services.GetAsync([], CancellationToken.None));
        service.Publish(2);
        await OkAsync($"cd '{service.Folder}' && servicectl restart && servicectl config check && servicectl logs && servicectl events");
        Assert.Equal(service.ReleaseFolder(2), WorkingFolder((await service.StatusAsync()).Pid!.Value));
    }

    [Theory]
    [InlineData("start", "current")]
    [InlineData("start", "current/")]
    [InlineData("start", "./releases/../current")]
    [InlineData("register current; servicectl start linked", "releases/1")]
    [InlineData("register current/config.yaml; servicectl start linked", "releases/1/config.yaml")]
    public async Task Whatever_way_leads_to_it_it_is_one_service(string first, string then)
    {
        var service = new ReleasedService(_home, "linked", Sleeper);

        await OkAsync(
            $"cd '{service.Folder}' && cd .. && {(first == "start" ? "cd current && servicectl start && cd .." : $"servicectl {first}")} "
                + $"&& servicectl register '{then}'");

        Assert.Equal(Path.Combine(service.Folder, "config.yaml"),
            Assert.Single(await _home.Client.Services.GetAsync([], CancellationToken.None)).ConfigPath);
    }

    [Fact]
    public async Task A_name_that_is_taken_by_another_release_is_refused_with_the_remedy()
    {
        var service = new ReleasedService(_home, "linked", Sleeper);
        await OkAsync($"cd -P '{service.ReleaseFolder(1)}' && servicectl start");

        var refused = await ShellAsync($"cd '{service.ReleaseFolder(2)}' && servicectl start");

        Assert.Equal(1, refused.Code);
        Assert.Contains("registered already, with " + service.ReleaseFolder(1), refused.Error, StringComparison.Ordinal);
        Assert.Contains("is registered by the link", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_that_share_a_configuration_by_links_stay_several()
    {
        var shared = Path.Combine(_home.Folder("shared"), "config.yaml");
        File.WriteAllText(shared, Sleeper);
        foreach (var name in (string[])["one", "two"])
            File.CreateSymbolicLink(Path.Combine(_home.Folder(name), "config.yaml"), shared);

        await OkAsync($"cd '{_home.Folder("one")}' && servicectl start && cd '{_home.Folder("two")}' && servicectl start");

        Assert.Equal(["one", "two"], (await _home.Client.Services.GetAsync([], CancellationToken.None)).Select(service => service.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_folder_that_was_renamed_every_verb_finds_its_service(bool agentEnds)
    {
        var service = new LocalService(_home, "before",
            "service: {runner: command, command: [sleep, '1000']}\npaths_to_delete: [tmp]\npid_file: "
                + "tmp/pid\ndirectories_to_create: [tmp]");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid;
        var folder = Path.Combine(Path.GetDirectoryName(service.Folder)!, "after");
        if (agentEnds)
            await OkAsync("servicectl agent stop --keep-services");
        Directory.Move(service.Folder, folder);

        var status = await OkAsync($"cd '{folder}' && servicectl status --json");

        Assert.Contains($"\"pid\":{pid},", status.Output, StringComparison.Ordinal);
        Assert.Contains(folder + "/config.yaml", status.Output, StringComparison.Ordinal);
        await OkAsync($"cd '{folder}' && servicectl restart && servicectl config check && servicectl logs");
        Assert.Equal(folder, WorkingFolder((await service.StatusAsync()).Pid!.Value));
        await OkAsync($"cd '{folder}' && servicectl stop && servicectl unregister before && servicectl start && servicectl stop after");
    }

    [Theory]
    [InlineData("uwsgi: {module: app, callable: app, http-socket: '127.0.0.1:PORT'}\nservice: {ready: {http: /ping}}")]
    [InlineData("service: {runner: gunicorn, app: 'app:app', listen: '127.0.0.1:PORT', ready: {http: /ping}}")]
    public async Task A_hot_restart_in_a_renamed_folder_takes_its_code(string config)
    {
        var service = new LocalService(_home, "before", config, ("app.py", FlaskService.App));
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        var folder = Path.Combine(Path.GetDirectoryName(service.Folder)!, "after");
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'two'");
        Directory.Move(service.Folder, folder);

        var result = await OkAsync($"cd '{folder}' && servicectl hot_restart");

        Assert.Contains($"its folder was renamed to {folder}", result.Output, StringComparison.Ordinal);
        Assert.Equal("two", await service.GetAsync("/version"));
        Assert.True(load.Failed == 0, load.FirstFailure);
        Assert.Contains("was hot-restarted", (await OkAsync($"cd '{folder}' && servicectl hot_restart")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_of_a_renamed_folder_that_dies_comes_back_where_it_is_now()
    {
        var service = new LocalService(_home, "before",
            "service: {runner: command, command: [sleep, '1000'], restart: {when: always, delay: 100ms}}");
        await service.MustAsync(ServiceAction.Start);
        var pid = (await service.StatusAsync()).Pid!.Value;
        var folder = Path.Combine(Path.GetDirectoryName(service.Folder)!, "after");
        Directory.Move(service.Folder, folder);
        await OkAsync($"cd '{folder}' && servicectl status");

        using (var process = Process.GetProcessById(pid))
            process.Kill();

        await Condition.HoldsAsync(
            async () => await service.StatusAsync() is { State: ServiceState.Running, Pid: { } next } && next != pid
                && WorkingFolder(next) == folder, "the service back in its folder");
    }

    [Fact]
    public async Task What_runs_is_unregistered_by_force_alone()
    {
        var service = new LocalService(_home, "kept", Sleeper);
        await service.MustAsync(ServiceAction.Start);

        var refused = await _home.RunAsync("/", "unregister", "kept");
        Assert.Equal(1, refused.Code);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        await OkAsync("servicectl unregister --force kept");

        Assert.Empty(await _home.Client.Services.GetAsync([], CancellationToken.None));
        Assert.Empty(_home.ProcessesOf("kept"));
    }

    [Fact]
    public async Task An_edited_SERVICE_NAME_is_told_until_the_service_is_registered_by_it()
    {
        var service = new LocalService(_home, "old", "SERVICE_NAME: old\n" + Sleeper);
        await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", "SERVICE_NAME: old", "SERVICE_NAME: new");

        var restarted = await OkAsync($"cd '{service.Folder}' && servicectl restart");

        const string told = "SERVICE_NAME is new now, but the service stays registered as old.";
        Assert.Contains(told, restarted.Output + restarted.Error, StringComparison.Ordinal);
        Assert.Contains(told, (await service.StatusAsync()).ConfigChange, StringComparison.Ordinal);
        await Condition.HoldsAsync(async () => (await OkAsync("servicectl events")).Output.Contains(told, StringComparison.Ordinal),
            "an event that tells it");
        await OkAsync(
            $"cd '{service.Folder}' && servicectl stop && servicectl unregister old && servicectl start && servicectl status new");
    }

    [Fact]
    public async Task A_name_that_was_chosen_is_nothing_to_tell()
    {
        var service = new LocalService(_home, "chosen", "SERVICE_NAME: other\n" + Sleeper);

        var started = await OkAsync(
            $"cd '{service.Folder}' && servicectl register . --name chosen && servicectl start && servicectl status");

        Assert.DoesNotContain("SERVICE_NAME", started.Output + started.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_folder_that_was_deleted_no_verb_crashes()
    {
        (string Words, int Code)[] verbs =
        [
            ("status", 0), ("status web", 3), ("start", 1), ("start web", 0), ("stop", 1), ("restart", 1), ("hot_restart", 1),
            ("logs", 0), ("events", 0), ("relog", 1), ("relog web", 0), ("relog --path here.log", 1), ("tests", 1), ("ruffles", 1),
            ("env", 1), ("host", 0), ("register", 1), ("register .", 1), ("register sub/folder --name x", 1), ("config", 0),
            ("config check", 0), ("config check .", 1), ("config template --of .", 1), ("config template here.yaml", 1),
            ("config schema --of .", 1), ("config reference", 0), ("config push here.yaml", 1), ("modules", 1), ("agent status", 0),
            ("run", 1), ("unit", 1), ("unit web", 0), ("unit web --destination .", 1), ("unit --daemon work.ps1", 1),
            ("manifest compose", 2), ("manifest compose web", 0), ("import", 1), ("stop web", 0),
        ];
        var web = new LocalService(_home, "web", Sleeper);
        await _home.Client.Services.RegisterAsync(web.Folder, null, CancellationToken.None);
        var faults = new List<string>();
        foreach (var (words, code) in verbs)
        {
            var gone = _home.Folder("gone");
            var result = await ShellAsync($"cd '{gone}' && rmdir '{gone}' && exec servicectl {words}");
            // What the host lacks is no matter here.
            var isExpected = result.Code == code || words == "host";
            var saysWhy = code != 1 || result.Error.Contains("the current folder was deleted", StringComparison.OrdinalIgnoreCase);
            if (!isExpected || !saysWhy || result.Code > 3 || result.Error.Contains("   at ", StringComparison.Ordinal))
                faults.Add($"{words}: {result}");
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("uwsgi", "with space ünïcödé-ф #;[1]*?{b}~")]
    [InlineData("uwsgi", "-dash quo'te dou\"ble `tick`")]
    [InlineData("uwsgi", "per%cent%(x)%d $(HOME) $HOME @(x)")]
    [InlineData("uwsgi", "back\\slash new\nline")]
    [InlineData("uwsgi", "colon:comma,equal=&|<>!")]
    [InlineData("gunicorn", Odd)]
    [InlineData("uvicorn", Odd)]
    [InlineData("python", Odd)]
    [InlineData("command", Odd)]
    public async Task A_folder_may_have_any_characters(string runner, string folderName)
    {
        var service = runner switch
        {
            "uwsgi" => new FlaskService(_home, folderName),
            "gunicorn" =>
                new LocalService(_home, folderName,
                    "service: {runner: gunicorn, app: 'app:app', listen: '127.0.0.1:PORT', ready: {http: /ping}}",
                    ("app.py", FlaskService.App)),
            "uvicorn" =>
                new LocalService(_home, folderName,
                    "service: {runner: uvicorn, app: 'app:app', listen: '127.0.0.1:PORT', ready: {http: /ping}}",
                    ("app.py", RunnerSamples.FastApi)),
            "python" => new LocalService(_home, folderName,
                "service: {runner: python, command: [server.py, --port, '{port}'], listen: '127.0.0.1:PORT', socket: own}",
                ("server.py", RunnerSamples.Server)),
            _ => new LocalService(_home, folderName, "service: {runner: command, command: [./run], listen: '127.0.0.1:PORT', socket: own}",
                ("server.py", RunnerSamples.Server), ("run", "#!/bin/sh\nexec /usr/bin/python3 server.py --port PORT\n")),
        };
        if (runner == "command")
            service.Replace("run", "PORT", $"{service.Port}");
        File.WriteAllText(service.Config,
            $"SERVICE_NAME: odd\n{File.ReadAllText(service.Config).Replace($"SERVICE_NAME: {folderName}", "", StringComparison.Ordinal)}");

        await InAsync(service.Folder, "start");
        Assert.Equal("one", await service.GetAsync("/version"));
        await InAsync(service.Folder, "restart");
        if (runner is "uwsgi" or "gunicorn")
            await InAsync(service.Folder, "hot_restart");
        Assert.Equal("one", await service.GetAsync("/version"));
        await InAsync(service.Folder, "status");
        await InAsync(service.Folder, "config", "check");
        await InAsync(service.Folder, "stop");
    }

    [Fact]
    public async Task A_virtualenv_may_be_in_a_folder_with_a_percent_sign()
    {
        var service = new FlaskService(_home, "100%cent", more: "env_directory: venv");
        File.WriteAllText(service.Config,
            File.ReadAllText(service.Config).Replace("SERVICE_NAME: 100%cent", "SERVICE_NAME: odd", StringComparison.Ordinal));
        using var made = Process.Start("/usr/bin/python3",
            ["-m", "venv", "--system-site-packages", "--without-pip", Path.Combine(service.Folder, "venv")]);
        await made.WaitForExitAsync();

        await InAsync(service.Folder, "start");
        await InAsync(service.Folder, "hot_restart");

        Assert.Equal("one", await service.GetAsync("/version"));
    }

    private async Task InAsync(string folder, params string[] words)
    {
        var result = await _home.RunAsync(folder, words);
        Assert.True(result.Code == 0, $"{string.Join(' ', words)}: {result}");
    }

    private static string? WorkingFolder(int pid) => new FileInfo($"/proc/{pid}/cwd").LinkTarget;

    private async Task<CommandResult> OkAsync(string script)
    {
        var result = await ShellAsync(script);
        Assert.True(result.Code == 0, $"{script}: {result}");
        return result;
    }

    /// <summary>In a shell, which keeps PWD as its user knows it.</summary>
    private async Task<CommandResult> ShellAsync(string script)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"set -e; {script}"])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Home.Executable)}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        return await CommandResult.OfAsync(process);
    }
}
