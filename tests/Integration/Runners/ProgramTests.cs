using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Runners;

/// <summary>Commands, Python scripts and projects under uv.</summary>
public sealed class ProgramTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("command: [/usr/bin/python3, server.py, --listen-fds], socket: pass")]
    [InlineData("command: [/usr/bin/python3, server.py, --fd, '{fd}']")]
    public async Task A_command_that_takes_a_socket_is_restarted_without_losing_a_request(string words)
    {
        var service = Command("taker", words);
        await service.MustAsync(ServiceAction.Start);

        await using var load = new Load(service.Port);
        for (var i = 0; i < 3; i++)
        {
            await load.ReachAsync(load.Succeeded + 300);
            await service.MustAsync(ServiceAction.Restart);
        }

        service.Replace("server.py", "'one'", "'two'");
        await service.MustAsync(ServiceAction.Restart);
        Assert.Equal("two", await service.GetAsync("/version"));
        await load.ReachAsync(Math.Max(1500, load.Succeeded + 300));
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Succeeded + load.Failed} requests failed: {load.FirstFailure}");
    }

    [Fact]
    public async Task A_command_that_binds_its_address_itself_is_restarted_in_turn_and_that_is_said()
    {
        var service = Command("owner", "command: [/usr/bin/python3, server.py, --port, '{port}']");
        var first = await service.MustAsync(ServiceAction.Start);
        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.DoesNotContain("LISTEN_", await service.GetAsync("/environment"), StringComparison.Ordinal);

        var second = await service.MustAsync(ServiceAction.Restart);

        Assert.NotEqual(first.After!.Pid, second.After!.Pid);
        Assert.Contains("one generation after the other", second.Message, StringComparison.Ordinal);
        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task A_command_that_binds_a_held_address_is_told_how_to_say_so()
    {
        var service = Command("stubborn", "command: [/usr/bin/python3, server.py, --port, '{port}'], socket: pass, ready: {delay: 5s}");

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("service.socket", result.Error!.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_of_the_folder_without_an_address_runs_and_stops()
    {
        var service = new LocalService(_home, "worker", """
            pid_file: worker.pid
            service: {runner: command, command: [./worker.sh, "a b"], ready: {log: 'working on a b$'}}
            """, ("worker.sh", "#!/bin/sh\necho \"working on $1\"\nexec sleep 1000\n"));

        var started = await service.MustAsync(ServiceAction.Start);

        Assert.Null((await service.StatusAsync()).Listen);
        Assert.Equal($"{started.After!.Pid}\n", File.ReadAllText(Path.Combine(service.Folder, "worker.pid")));
        await service.MustAsync(ServiceAction.Stop);
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    [Theory]
    [InlineData("command: [no-such-program-anywhere]", ErrorCode.RunnerMissing, "service.command")]
    [InlineData("command: [./missing.sh]", ErrorCode.RunnerMissing, "service.command")]
    [InlineData("command: [./server.py]", ErrorCode.RunnerMissing, "chmod +x")]
    [InlineData("command: [./orphan.sh]", ErrorCode.RunnerMissing, "Install it")]
    [InlineData("command: [./orphan.sh], socket: pass", ErrorCode.ExitedEarly, "interpreter")]
    [InlineData("instances: 1", ErrorCode.ConfigInvalid, "command:")]
    [InlineData("command: [./server.py, '{fd}'], socket: own", ErrorCode.ConfigInvalid, "service.socket")]
    public async Task What_is_in_the_way_of_a_command_is_told(string words, ErrorCode code, string remedy)
    {
        var service = Command("wrong", words, ("orphan.sh", "#!/no/such/interpreter\n"));
        if (words.Contains("'{fd}'", StringComparison.Ordinal))
            File.SetUnixFileMode(Path.Combine(service.Folder, "server.py"), (UnixFileMode)0b111_101_101);

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.True(code == result.Error?.Code, $"{result.Error?.Code}: {result.Message}");
        Assert.Contains(remedy, result.Error!.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_unix_socket_a_command_is_asked_on_a_socket_of_its_own_generation_or_shows_by_itself_that_it_is_ready()
    {
        const string Words = "runner: command, command: [/usr/bin/python3, server.py, --fd, '{fd}'], listen: 'unix:web.sock'";
        var mute = new LocalService(_home, "mute", $"service: {{{Words}}}\n", ("server.py", RunnerSamples.Server));
        var open = new LocalService(_home, "open", $"service: {{{Words}, ready: {{log: ^serving$}}}}\n",
            ("server.py", RunnerSamples.Server));

        foreach (var service in new[] { mute, open })
        {
            await service.MustAsync(ServiceAction.Start);
            await service.MustAsync(ServiceAction.Restart);
            Assert.Equal("one", await service.GetFromUnixAsync("web.sock", "/version"));
        }
    }

    [Fact]
    public async Task Readiness_can_be_notified()
    {
        var service = new LocalService(_home, "notifier", """
            service: {runner: python, ready: {notify: true, timeout: 2s}}
            """, ("main.py", """
            import os, socket, time
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.connect(os.environ['NOTIFY_SOCKET'])
            s.send(b'STATUS=warming up')
            if not os.path.exists('never'):
                s.send(b'MAINPID=1\nREADY=1\n')
            time.sleep(1000)
            """));
        await service.MustAsync(ServiceAction.Start);
        File.WriteAllText(Path.Combine(service.Folder, "never"), "");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Contains("READY=1", result.Message, StringComparison.Ordinal);
        Assert.Contains("'warming up'", result.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.NotReady, result.Error?.Code);
    }

    [Theory]
    [InlineData("passive", "finished")]
    [InlineData("aggressive", "interrupted")]
    public async Task A_python_script_is_stopped_as_its_mode_says(string mode, string words)
    {
        var service = new LocalService(_home, "daemon", $$"""
            service: {runner: python, command: [server.py, --port, '{port}'], listen: "127.0.0.1:PORT", stop: {mode: {{mode}} } }
            """, ("server.py", RunnerSamples.Server));
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);

        var log = File.ReadAllText(Path.Combine(_home.Paths.ServiceLogs("daemon"), "output.log"));
        Assert.Contains(words, log, StringComparison.Ordinal);
        Assert.Equal(mode == "aggressive", log.Contains("interrupted", StringComparison.Ordinal));
    }

    // What Simple Daemon for Python does, step by step.
    [Theory]
    [InlineData("passive", "False", "interrupted == True|Received 15 signal.|work is finished")]
    [InlineData("aggressive", "True", "Received 2 signal.|Graceful Interrupt...|SimpleDaemon Exit")]
    public async Task A_daemon_of_simple_daemon_is_stopped_in_its_mode(string mode, string isAggressive, string words)
    {
        var service = new LocalService(_home, "worker", $$"""
            service: {runner: python, command: [main.py], ready: {log: "Mode:"}, stop: {mode: {{mode}}, timeout: 50s} }
            """, ("main.py", $$"""
            import signal, time

            class SimpleDaemonExit(Exception):
                pass

            def say(words):
                print(words, flush=True)

            interrupted = False
            def handle(number, frame):
                global interrupted
                if not {{isAggressive}}:
                    interrupted = True
                    say('interrupted == True')
                say(f'Received {number} signal.')
                if {{isAggressive}}:
                    say('Graceful Interrupt...')
                    raise SimpleDaemonExit('SimpleDaemon Exit')

            signal.signal(signal.SIGINT, handle)
            signal.signal(signal.SIGTERM, handle)
            say('Mode: ' + ('AGGRESSIVE' if {{isAggressive}} else 'PASSIVE'))
            try:
                while not interrupted:
                    time.sleep(600 if {{isAggressive}} else 0.5)
                say('work is finished')
            except SimpleDaemonExit as error:
                say(error)
            """));
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);

        var log = await File.ReadAllLinesAsync(Path.Combine(_home.Paths.ServiceLogs("worker"), "output.log"),
            TestContext.Current.CancellationToken);
        Assert.Equal(words.Split('|'), log[1..]);
    }

    [Fact]
    public async Task A_python_script_runs_with_the_virtualenv_s_interpreter()
    {
        var service = new LocalService(_home, "virtual", """
            env_directory: venv
            service: {runner: python, ready: {log: ^ready}}
            """, ("main.py", "import os, time\nprint('ready', os.environ['VIRTUAL_ENV'], os.environ.get('MADE_BY'))\ntime.sleep(1000)\n"),
            ("venv/bin/python", "#!/bin/sh\nMADE_BY=venv exec /usr/bin/python3 \"$@\"\n"));

        await service.MustAsync(ServiceAction.Start);

        Assert.Contains($"ready {service.Folder}/venv venv",
            File.ReadAllText(Path.Combine(_home.Paths.ServiceLogs("virtual"), "output.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_fails_is_told_with_its_last_words()
    {
        var service = new LocalService(_home, "failing", "service: {runner: python, ready: {delay: 10s}}\n",
            ("main.py", "import a_module_nobody_has\n"));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("a_module_nobody_has", result.Error!.Advice, StringComparison.Ordinal);
        Assert.Contains(result.Error.LogLines, line => line.Contains("ModuleNotFoundError", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_project_runs_under_uv_and_finds_its_binding_address()
    {
        var service = new LocalService(_home, "project",
            "service: {runner: uv, listen: '127.0.0.1:PORT', environment: {PATH: 'BIN:/usr/bin:/bin'}}\n",
            ("main.py", RunnerSamples.Server), ("bin/uv", KitProject.Uv));
        service.Replace("config.yaml", "BIN", Path.Combine(service.Folder, "bin"));

        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Restart);

        Assert.Contains($"'BINDING_ADDRESS': '127.0.0.1:{service.Port}'", await service.GetAsync("/environment"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(service.Folder, ".venv", "synced")));
    }

    [Fact]
    public async Task A_missing_uv_is_told_with_the_remedy()
    {
        var service = new LocalService(_home, "without", "service: {runner: uv, environment: {PATH: /nowhere}}\n", ("main.py", "pass\n"));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.RunnerMissing, result.Error?.Code);
        Assert.Contains("docs.astral.sh", result.Error!.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crashed_command_comes_back()
    {
        var service = Command("phoenix", "command: [/usr/bin/python3, server.py, --fd, '{fd}'], restart: {delay: 50ms}");
        var first = await service.MustAsync(ServiceAction.Start);

        Process.GetProcessById(first.After!.Pid!.Value).Kill();

        Assert.Equal("one", await service.GetAsync("/version"));
        Assert.NotEqual(first.After.Pid, (await service.StatusAsync()).Pid);
    }

    private LocalService Command(string name, string words, params (string Name, string Text)[] files) => new(_home, name, $$"""
        service: {runner: command, listen: "127.0.0.1:PORT", {{words}} }
        """, [("server.py", RunnerSamples.Server), .. files]);
}
