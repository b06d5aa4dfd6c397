using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>New generations: ordered, after a crash, and while the old one serves.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_generation_that_does_not_become_ready_is_thrown_away_and_the_old_one_never_stops_serving()
    {
        var service = new FlaskService(_home, "safe");
        var first = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        await load.ReachAsync(100);
        service.Replace("app.py", "VERSION = 'one'", "raise RuntimeError('half-written')");

        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("RuntimeError: half-written", result.Error!.LogLines);
        Assert.Equal((ServiceState.Running, first.After!.Pid), (result.After!.State, result.After.Pid));
        await load.ReachAsync(load.Succeeded + 300);
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Fact]
    public async Task A_crashed_service_comes_back_and_its_clients_only_wait()
    {
        var service = new FlaskService(_home, "phoenix", more: "service: {restart: {delay: 2s}}");
        var first = await service.MustAsync(ServiceAction.Start);

        Process.GetProcessById(first.After!.Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("phoenix", ServiceState.Restarting, Patience.Limit, CancellationToken.None);
        Assert.Equal("one", await service.GetAsync("/version"));
        await _home.Client.Services.WaitAsync("phoenix", ServiceState.Running, Patience.Limit, CancellationToken.None);

        var status = await service.StatusAsync();
        Assert.NotEqual(first.After.Pid, status.Pid);
        Assert.Equal((ServiceState.Running, 1, 9), (status.State, status.Restarts, status.LastExit!.Signal));
    }

    [Fact]
    public async Task A_service_that_can_not_stay_up_is_given_up()
    {
        var service = new FlaskService(_home, "hopeless", more: "service: {restart: {delay: 10ms, give_up: 3 in 1m}}");
        await service.MustAsync(ServiceAction.Start);
        service.Replace("app.py", "VERSION = 'one'", "raise RuntimeError('never again')");

        Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("hopeless", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        await Task.Delay(300);
        var status = await service.StatusAsync();
        Assert.Contains("left alone", status.Problem, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Failed, status.State);
        Assert.False(status.Listening);
    }

    [Fact]
    public async Task A_stop_is_obeyed_while_a_restart_is_awaited()
    {
        var service = new FlaskService(_home, "patient", more: "service: {restart: {delay: 1m}}");
        await service.MustAsync(ServiceAction.Start);
        Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("patient", ServiceState.Restarting, Patience.Limit, CancellationToken.None);

        await service.OrderAsync(ServiceAction.Stop);

        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_start_to_become_ready()
    {
        var service = new FlaskService(_home, "hurried", app: "import time\ntime.sleep(120)\n");
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        var start = service.OrderAsync(ServiceAction.Start);
        await _home.Client.Services.WaitAsync("hurried", ServiceState.Starting, Patience.Limit, CancellationToken.None);

        await service.OrderAsync(ServiceAction.Stop).WaitAsync(Patience.Limit);

        Assert.Equal(ErrorCode.Cancelled, (await start).Error?.Code);
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task While_it_is_down_the_agent_answers_when_told_to()
    {
        var service = new FlaskService(_home, "excused", more: "service: {restart: {delay: 1m}, respond: {body: back soon, status: 503}}");
        await service.MustAsync(ServiceAction.Start);
        Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("excused", ServiceState.Restarting, Patience.Limit, CancellationToken.None);

        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{service.Port}/anything"));

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal("back soon", await answer.Content.ReadAsStringAsync());
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Clients_that_say_nothing_keep_neither_the_agents_descriptors_nor_others_from_an_answer()
    {
        var service = new FlaskService(_home, "besieged", more: "service: {restart: {delay: 1m}, respond: {body: back soon, status: 503}}");
        await service.MustAsync(ServiceAction.Start);
        Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("besieged", ServiceState.Restarting, Patience.Limit, CancellationToken.None);
        var before = (await _home.AgentFiguresAsync()).Descriptors;
        var silent = new List<System.Net.Sockets.TcpClient>();
        try
        {
            for (var count = 0; count < 800; count++)
            {
                silent.Add(new System.Net.Sockets.TcpClient());
                await silent[^1].ConnectAsync(System.Net.IPAddress.Loopback, service.Port);
            }

            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{service.Port}/anything"));

            Assert.Equal(503, (int)answer.StatusCode);
            Assert.InRange((await _home.AgentFiguresAsync()).Descriptors - before, 0, 300);
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_hung_service_is_restarted_when_its_health_is_watched()
    {
        const string App = FlaskService.App + """

            HANG = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'hang')
            @app.route('/health')
            def health():
                return ('bad', 500) if os.path.exists(HANG) else 'good'
            """;
        var service = new FlaskService(_home, "watched", app: App,
            more: "service: {health: {http: /health, interval: 200ms, failures: 2}}");
        var first = await service.MustAsync(ServiceAction.Start);
        File.WriteAllText(Path.Combine(service.Folder, "hang"), "");
        await _home.Client.Services.WaitAsync("watched", ServiceState.Restarting, Patience.Limit, CancellationToken.None);
        File.Delete(Path.Combine(service.Folder, "hang"));

        await _home.Client.Services.WaitAsync("watched", ServiceState.Running, Patience.Limit, CancellationToken.None);

        Assert.NotEqual(first.After!.Pid, (await service.StatusAsync()).Pid);
    }
}
