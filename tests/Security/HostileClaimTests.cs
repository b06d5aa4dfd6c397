using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>What a service, its server and its neighbours claim: by hooks, cores, file times and answers in Consul's place.</summary>
public sealed class HostileClaimTests(Attackers attackers) : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly string _memory = $"/dev/shm/sc-{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        if (Directory.Exists(_memory))
            Directory.Delete(_memory, recursive: true);
    }

    /// <summary>uWSGI calls them "as root", because its master usually is.</summary>
    [Fact]
    public async Task Hooks_of_uwsgi_run_as_the_service_s_user()
    {
        var owner = attackers.Owner;
        string[] hooks = ["exec-asap", "exec-pre-jail", "exec-post-jail", "exec-in-jail", "exec-as-root", "exec-as-user", "exec-pre-app",
            "exec-post-app"];
        string[] timed = ["hook-asap", "hook-as-root", "hook-as-user", "hook-pre-app", "hook-master-start", "hook-accepting1"];
        var lines = hooks.Select(hook => $"{hook}: id -un >> {hook}.ran")
            .Concat(timed.Select(hook => $"{hook}: 'exec:id -un >> {hook}.ran'"));
        var service = new FlaskService(_home, "hooked", string.Join('\n', lines), $"service: {{user: {owner.Name}}}");
        Prepare(service);

        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.HotRestart);
        await service.MustAsync(ServiceAction.Stop);

        var ran = Directory.GetFiles(service.Folder, "*.ran");
        Assert.InRange(ran.Length, hooks.Length, hooks.Length + timed.Length);
        Assert.All(ran, file => Assert.Equal([owner.Name], File.ReadAllLines(file).Distinct()));
    }

    [Fact]
    public async Task A_service_that_aborts_leaves_no_core_with_its_secrets()
    {
        var pattern = await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern");
        Assert.SkipWhen(pattern.StartsWith('|') || pattern.StartsWith('/'), "cores go elsewhere on this host");
        var service = new LocalService(
            _home, "aborting",
            $"service: {{runner: command, command: [/usr/bin/python3, app.py], user: {attackers.Owner.Name}, restart: {{when: never}}}}\n",
            ("app.py", "import os, time\ntime.sleep(2)\nos.abort()\n"));
        Prepare(service);

        await service.OrderAsync(ServiceAction.Start);
        await _home.Client.Services.WaitAsync("aborting", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.DoesNotContain(
            Directory.GetFiles(service.Folder), file => Path.GetFileName(file).StartsWith("core", StringComparison.Ordinal));
    }

    /// <summary>A file in memory may have any time that 64 bits hold: billions of years ago, and ahead.</summary>
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue / 2)]
    [InlineData(-62135596801)]
    [InlineData(253402300800)]
    public async Task Files_from_another_time_harm_nobody(long seconds)
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "there is no file system in memory");
        var owner = attackers.Owner;
        Directory.CreateDirectory(_memory);
        File.SetUnixFileMode(_memory, (UnixFileMode)0b111_101_101);
        var port = LocalService.FreePort().ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(
            Path.Combine(_memory, "config.yaml"),
            $"SERVICE_NAME: timeless\npid_file: tmp/service.pid\nRELOG_FILES: 'log$'\nDELETE_LOGS_DAYS: 1\ndirectories_to_create: "
                + $"[log, tmp]\nservice: {{runner: gunicorn, app: 'app:app', listen: 127.0.0.1:{port}, user: {owner.Name}, on_change: "
                + "restart}\n");
        File.WriteAllText(Path.Combine(_memory, "app.py"), RunnerSamples.One);
        Directory.CreateDirectory(Path.Combine(_memory, "log"));
        File.WriteAllText(
            Path.Combine(_memory, "log", "a.log"), "Traceback (most recent call last):\n  File \"a\", line 1\nValueError: x\n");
        owner.Own(_memory);
        ThrowawayUser.Open(_home.Folder("anything"));
        var when = seconds.ToString(CultureInfo.InvariantCulture);
        async Task TravelAsync() =>
            await owner.RunAsync("/usr/bin/find", _memory, "-exec", "/usr/bin/touch", "-h", "-d", $"@{when}", "{}", "+");
        await TravelAsync();

        var started = await _home.RunAsync(_memory, "start");
        await TravelAsync();
        (string[] Words, int[] Codes)[] all =
        [
            (["status", "timeless"], [0]), (["status", "timeless", "--json"], [0]), (["config", "check", "."], [0]),
            (["relog", "timeless"], [0]), (["restart", "timeless"], [0]), (["hot_restart", "timeless"], [0]), (["logs", "timeless"], [0]),
            (["events", "timeless"], [0]), (["unit", "timeless"], [0]), (["stop", "timeless"], [0]),
        ];

        Assert.True(started.Code == 0, started.ToString());
        foreach (var (words, codes) in all)
        {
            var result = await _home.RunAsync(_memory, words);
            Assert.True(codes.Contains(result.Code), $"{string.Join(' ', words)}: {result}");
            Assert.DoesNotContain("fault of ServiceCtl", result.Error, StringComparison.Ordinal);
            await TravelAsync();
        }
    }

    /// <summary>Answers that are wrong in their shape, their size, their time and their numbers, one after the other.</summary>
    [Fact]
    public async Task What_lies_in_consul_s_place_is_a_warning_and_no_more()
    {
        string[] lies =
        [
            "null", "[]", "{}", "[null]", "{\"x\":null}", "{\"led\":{\"ID\":null,\"Service\":null}}", "[{\"Node\":{},\"Service\":{}}]",
            "[{\"Node\":{\"Address\":\"\"},\"Service\":{\"Address\":\"127.0.0.1\\r\\nX: y\",\"Port\":-1}}]",
            "[{\"Node\":{\"Address\":\"a b\"},\"Service\":{\"Address\":\"\\u001b]0;x\\u0007\",\"Port\":99999999}}]",
            "{\"led\":{\"ID\":\"../../../agent/leave\",\"Service\":\"led\",\"Port\":2147483648}}", new string('[', 200_000), "\"", "\0\0",
        ];
        var served = 0;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var end = new CancellationTokenSource();
        var lying = LieAsync();
        var service = new LocalService(
            _home, "led",
            $"CONSUL_REG: 1\nSERVICE_ID: led-1\nTAGS: [a]\nSERVER_ADDRESS: 127.0.0.1\nCONSUL_ADDRESS: 127.0.0.1\n"
                + "service: {runner: command, command: [/usr/bin/python3, server.py, --fd, '{fd}'], listen: '127.0.0.1:PORT', user: "
                + $"{attackers.Owner.Name}, modules: [auth]}}\n",
            ("server.py", RunnerSamples.Server));
        // The name of the key has the word in it that stands for the service's own port.
        await File.AppendAllTextAsync(service.Config, $"CONSUL_PORT: {port}\n");
        Prepare(service);

        for (var round = 0; round < lies.Length; round++)
        {
            await service.MustAsync(round % 2 == 0 ? ServiceAction.Start : ServiceAction.Stop);
            Assert.InRange((await _home.RunAsync("/", "status", "led")).Code, 0, 3);
            Assert.InRange((await _home.RunAsync("/", "modules", "led")).Code, 0, 1);
        }

        Assert.InRange(served, lies.Length, int.MaxValue);
        Assert.InRange((await _home.AgentFiguresAsync()).PeakMemory, 0, 300L << 20);
        await end.CancelAsync();
        listener.Stop();
        await lying;

        async Task LieAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(end.Token);
                    var stream = client.GetStream();
                    _ = await stream.ReadAsync(new byte[10_000], end.Token);
                    var number = served++;
                    var index = (number % 4) switch { 0 => "18446744073709551615", 1 => "-5", 2 => "x", _ => "0" };
                    await stream.WriteAsync(
                        Encoding.UTF8.GetBytes(
                            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Consul-Index: {index}\r\nConnection: close\r\n\r\n"
                                + lies[number % lies.Length]),
                        end.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
            {
                // The test has ended, or its client has heard enough.
                if (!end.IsCancellationRequested)
                    await LieAsync();
            }
        }
    }

    private void Prepare(LocalService service)
    {
        ThrowawayUser.Open(service.Folder);
        Directory.CreateDirectory(Path.Combine(service.Folder, "log"));
        Directory.CreateDirectory(Path.Combine(service.Folder, "tmp"));
        attackers.Owner.Own(service.Folder);
    }
}
