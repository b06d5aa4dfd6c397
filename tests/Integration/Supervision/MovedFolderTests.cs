using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>
/// A service's folder becomes another one while it runs: its link is moved, or another folder takes its name. A master that reloads would
/// stay in the old one.
/// </summary>
public sealed class MovedFolderTests : IAsyncDisposable
{
    private const string Gunicorn = "service: {runner: gunicorn, app: 'app:app', listen: '127.0.0.1:PORT', ready: {http: /}}";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("uwsgi", "module: app")]
    [InlineData("uwsgi", "chdir: ., wsgi-file: app.py")]
    [InlineData("uwsgi", "chdir: CURRENT, wsgi-file: CURRENT/app.py")]
    public async Task After_its_link_has_moved_a_hot_restart_is_a_restart_that_loses_nothing_and_says_so(string runner, string options = "")
    {
        var service = Service(runner, options);
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(50);
        service.Publish(2);
        Assert.Contains("another folder", (await service.StatusAsync()).ConfigChange, StringComparison.Ordinal);

        var result = await service.MustAsync(ServiceAction.HotRestart);

        Assert.Contains($"restarted instead of hot-restarted, because {service.Folder} has become another folder", result.Message,
            StringComparison.Ordinal);
        await ServesOnlyAsync(service, "v2");
        Assert.True(load.Failed == 0, load.FirstFailure);
        Assert.Null((await service.StatusAsync()).ConfigChange);
        Assert.Contains("was hot-restarted", (await service.MustAsync(ServiceAction.HotRestart)).Message, StringComparison.Ordinal);
        await ServesOnlyAsync(service, "v2");
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("uwsgi", "module: app")]
    public async Task The_next_agent_knows_where_the_link_led_at_the_start(string runner, string options = "")
    {
        var service = Service(runner, options);
        await service.MustAsync(ServiceAction.Start);
        await _home.KillAgentAsync();
        service.Publish(2);

        await service.MustAsync(ServiceAction.HotRestart);

        await ServesOnlyAsync(service, "v2");
    }

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("uwsgi", "module: app")]
    public async Task Another_folder_that_takes_the_name_counts_as_well(string runner, string options = "")
    {
        var service = Service(runner, options);
        File.Delete(service.Folder);
        Directory.Move(service.ReleaseFolder(1), service.Folder);
        await service.MustAsync(ServiceAction.Start);
        Directory.Move(service.Folder, service.ReleaseFolder(1));
        Directory.Move(service.ReleaseFolder(2), service.Folder);

        await service.MustAsync(ServiceAction.HotRestart);

        await ServesOnlyAsync(service, "v2");
    }

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("uwsgi", "module: app, stats: '127.0.0.1:STATS'")]
    public async Task Where_generations_can_not_overlap_the_new_code_is_tried_before_the_old_one_ends(string runner, string options = "")
    {
        var service = Service(runner, options.Replace("STATS", $"{LocalService.FreePort()}", StringComparison.Ordinal), socket: "own");
        var before = await service.MustAsync(ServiceAction.Start);
        var code = Path.Combine(service.ReleaseFolder(2), "app.py");
        var good = File.ReadAllText(code);
        File.WriteAllText(code, "raise RuntimeError('half-written')\n");
        service.Publish(2);

        var refused = await service.OrderAsync(ServiceAction.HotRestart);

        Assert.True(refused.Error?.Code is ErrorCode.ImportFailed, refused.Message);
        Assert.Equal((ServiceState.Running, before.After!.Pid), (refused.After!.State, refused.After.Pid));
        await ServesOnlyAsync(service, "v1");
        File.WriteAllText(code, good);
        Assert.Contains("one generation after the other", (await service.MustAsync(ServiceAction.HotRestart)).Message,
            StringComparison.Ordinal);
        await ServesOnlyAsync(service, "v2");
    }

    [Fact]
    public async Task What_runs_without_the_agent_is_known_by_its_folder_not_by_the_path_to_it()
    {
        var service = Service("gunicorn");
        using var outside = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-m", "gunicorn", "app:app", "--bind", $"127.0.0.1:{service.Port}"])
            {
                WorkingDirectory = service.ReleaseFolder(1),
                RedirectStandardError = true,
            })!;
        await Condition.HoldsAsync(async () => await AnswersAsync(service), "an answer of gunicorn");

        Assert.Equal(ErrorCode.RunsOutsideAgent, (await service.OrderAsync(ServiceAction.Start)).Error?.Code);
        Assert.Contains("outside the agent", (await service.MustAsync(ServiceAction.Stop)).Message, StringComparison.Ordinal);
        await outside.WaitForExitAsync();
    }

    [Fact]
    public async Task The_service_s_own_frame_of_a_traceback_is_named_behind_a_link()
    {
        var service = Service("gunicorn");
        File.WriteAllText(Path.Combine(service.ReleaseFolder(1), "app.py"), "import json\njson.loads('{')\n");

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Contains("/app.py, line 2: json", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtualenv_that_was_made_again_is_taken_by_a_hot_restart()
    {
        var service = Service("gunicorn", more: "env_directory: CURRENT/../venv");
        var parent = Path.GetDirectoryName(service.Folder)!;
        foreach (var number in (int[])[1, 2])
        {
            var program = Path.Combine(Directory.CreateDirectory(Path.Combine(parent, $"venv-{number}", "bin")).FullName, "python");
            File.WriteAllText(program, $"#!/bin/sh\nexport MADE_BY={number}\nexec /usr/bin/python3 \"$@\"\n");
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        }

        var link = Path.Combine(parent, "venv");
        File.CreateSymbolicLink(link, "venv-1");
        File.WriteAllText(Path.Combine(service.ReleaseFolder(1), "app.py"),
            "import os\n" + File.ReadAllText(Path.Combine(service.ReleaseFolder(1), "app.py"))
                .Replace("b'v1'", "os.environ['MADE_BY'].encode()", StringComparison.Ordinal));
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal("1", await service.GetAsync("/"));
        File.Delete(link);
        File.CreateSymbolicLink(link, "venv-2");

        await service.MustAsync(ServiceAction.HotRestart);

        await ServesOnlyAsync(service, "2");
    }

    [Theory]
    [InlineData("gunicorn")]
    [InlineData("uwsgi", "module: app")]
    public async Task A_broken_release_is_refused_and_the_old_one_serves_on(string runner, string options = "")
    {
        var service = Service(runner, options);
        await service.MustAsync(ServiceAction.Start);
        File.WriteAllText(Path.Combine(service.ReleaseFolder(2), "app.py"), "raise RuntimeError('half-written')\n");
        service.Publish(2);

        var result = await service.OrderAsync(ServiceAction.HotRestart);

        Assert.Contains("RuntimeError: half-written", result.Error!.LogLines);
        await ServesOnlyAsync(service, "v1");
        service.Publish(1);
        Assert.Contains("was hot-restarted", (await service.MustAsync(ServiceAction.HotRestart)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hot_restart_warns_of_a_configuration_that_it_does_not_read()
    {
        var service = new FlaskService(_home, "edited");
        await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", "processes: 2", "processes: 3");

        var result = await service.MustAsync(ServiceAction.HotRestart);

        Assert.Contains("a hot restart does not read it", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    private static async Task<bool> AnswersAsync(LocalService service)
    {
        try
        {
            return await service.GetAsync("/") == "v1";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task ServesOnlyAsync(LocalService service, string version)
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(version, await service.GetAsync("/"));
    }

    private ReleasedService Service(string runner, string options = "", string more = "", string socket = "pass") =>
        new(_home, "released", runner == "gunicorn"
        ? $"{Gunicorn.Replace("{runner", $"{{socket: {socket}, runner", StringComparison.Ordinal)}\n{more}\n"
        : $$"""
            service: {socket: {{socket}}, ready: {http: /} }
            uwsgi: {processes: 2, callable: app, http-socket: "127.0.0.1:PORT", {{options}} }
            """);
}
