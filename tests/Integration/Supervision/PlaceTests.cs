using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>What is said about files, folders and addresses that are not as a service needs them.</summary>
public sealed class PlaceTests : IAsyncDisposable
{
    private const string Command = "runner: command, command: [/usr/bin/python3, server.py, --fd, '{fd}'], ready: {log: ^serving$}";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("unix:taken", "there is a file of that name, which is no socket", "left alone")]
    [InlineData("unix:folder", "there is a folder of that name", "left alone")]
    [InlineData("unix:gone/web.sock", "the folder FOLDER/gone does not exist", "directories_to_create")]
    [InlineData("unix:taken/web.sock", "FOLDER/taken is a file, not a folder", "directories_to_create")]
    [InlineData("203.0.113.7:8001", "Cannot assign requested address", "No interface of this machine")]
    public async Task An_address_that_can_not_be_had_is_told_with_its_reason(string address, string reason, string advice)
    {
        foreach (var runner in new[] { Command, "runner: gunicorn, app: 'app:app'", "runner: uvicorn, app: 'app:app'" })
        {
            var name = $"web-{runner.Split(' ')[1].TrimEnd(',')}";
            var service = new LocalService(
                _home, name, $"service: {{{runner}, listen: '{address}'}}\n",
                ("server.py", RunnerSamples.Server), ("taken", "somebody's data"), ("folder/file", ""), ("app.py", "app = None\n"));

            var result = await service.OrderAsync(ServiceAction.Start);

            Assert.Equal(ErrorCode.System, result.Error?.Code);
            Assert.Contains(reason.Replace("FOLDER", service.Folder, StringComparison.Ordinal), result.Message, StringComparison.Ordinal);
            Assert.Contains(advice, result.Error!.Advice, StringComparison.Ordinal);
            Assert.DoesNotContain("root", result.Error.Advice, StringComparison.Ordinal);
            Assert.Equal("somebody's data", File.ReadAllText(Path.Combine(service.Folder, "taken")));
        }
    }

    [Fact]
    public async Task A_socket_may_be_in_a_folder_that_is_made_for_the_service_and_replaces_one_that_was_left_behind()
    {
        var service = new LocalService(_home, "web", $"directories_to_create: [run]\nservice: {{{Command}, listen: 'unix:run/web.sock'}}\n",
            ("server.py", RunnerSamples.Server));
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);
        // What a server leaves behind that was killed.
        using (var killed = Process.Start("/usr/bin/python3",
            ["-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", Path.Combine(service.Folder, "run", "web.sock")]))
            await killed.WaitForExitAsync();

        await service.MustAsync(ServiceAction.Start);

        Assert.Equal("one", await service.GetFromUnixAsync("run/web.sock", "/version"));
    }

    [Fact]
    public async Task Folders_that_are_missing_are_told_by_config_check_and_by_the_start()
    {
        var service = new LocalService(_home, "slip", """
            api_directory: /no/such/place
            pid_file: missing/slip.pid
            service: {runner: command, command: [sleep, '1000'], ready: {delay: 0s}}
            """);
        var right = new LocalService(_home, "right", """
            api_directory: .
            directories_to_create: [tmp/run]
            pid_file: tmp/right.pid
            service: {runner: command, command: [sleep, '1000'], ready: {delay: 0s}}
            """);

        var check = await _home.RunAsync(service.Folder, "config", "check");
        var started = await service.MustAsync(ServiceAction.Start);

        Assert.Matches("config.yaml:1:\\d+: warning: The folder /no/such/place of api_directory does not exist", check.Output);
        Assert.Matches("config.yaml:2:\\d+: warning: The folder [^ ]*/missing, where pid_file is to be, does not exist", check.Output);
        Assert.Equal(2, started.Warnings.Count);
        Assert.DoesNotContain("warning", (await _home.RunAsync(right.Folder, "config", "check")).Output, StringComparison.Ordinal);
        Assert.Empty((await right.MustAsync(ServiceAction.Start)).Warnings);
    }

    [Fact]
    public async Task A_restart_says_truly_why_it_went_one_after_the_other_and_the_status_shows_nothing_of_an_ordinary_stop()
    {
        var service = new LocalService(_home, "worker",
            "service: {runner: command, command: [sh, -c, 'echo last words; exec sleep 1000'], ready: {log: words}}\n");
        await service.MustAsync(ServiceAction.Start);

        var restarted = await service.MustAsync(ServiceAction.Restart);

        Assert.Contains("one generation after the other as it has no address", restarted.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("| last words", (await _home.RunAsync(service.Folder, "status")).Output, StringComparison.Ordinal);
        Assert.Empty((await service.StatusAsync()).LastExit!.LastLines);
    }

    [Fact]
    public async Task A_start_that_fails_again_and_again_is_told_in_one_true_sentence()
    {
        var service = new LocalService(
            _home, "hopeless",
            "service: {runner: command, command: [./worker], ready: {delay: 0s}, restart: {delay: 10ms, give_up: 3 in 1m}}\n",
            ("worker", "#!/bin/sh\nexec sleep 1000\n"));
        var started = await service.MustAsync(ServiceAction.Start);
        File.Delete(Path.Combine(service.Folder, "worker"));

        Process.GetProcessById(started.After!.Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("hopeless", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.Equal(
            $"The program {service.Folder}/worker does not exist; it ended, or could not be started, 3 times within 60 s, so it is "
                + "left alone.",
            (await service.StatusAsync()).Problem);
    }
}
