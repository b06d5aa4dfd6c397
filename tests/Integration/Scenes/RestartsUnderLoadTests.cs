using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Restarts with new code, one after the other, under requests without a pause: none fails.</summary>
public sealed class RestartsUnderLoadTests : IAsyncDisposable
{
    /// <summary>'./build.sh scenes' asks for 20.</summary>
    private static readonly int Restarts = int.Parse(Environment.GetEnvironmentVariable("SERVICECTL_TEST_RESTARTS") ?? "5",
        CultureInfo.InvariantCulture);

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("uwsgi", ServiceAction.Restart)]
    [InlineData("uwsgi", ServiceAction.HotRestart)]
    [InlineData("gunicorn", ServiceAction.Restart)]
    [InlineData("gunicorn", ServiceAction.HotRestart)]
    [InlineData("uvicorn", ServiceAction.Restart)]
    [InlineData("python", ServiceAction.Restart)]
    public async Task No_request_fails_and_the_new_code_serves(string runner, ServiceAction action)
    {
        var service = Served.By(runner, _home);
        var first = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        var version = "one";
        for (var i = 1; i <= Restarts; i++)
        {
            await load.ReachAsync(load.Succeeded + 100);
            service.Replace(Served.CodeOf(runner), $"VERSION = '{version}'", $"VERSION = '{i}'");
            version = $"{i}";
            await service.MustAsync(action);
            Assert.Equal(version, await service.GetAsync("/version"));
        }

        await load.ReachAsync(Math.Max(2000, load.Succeeded + 300));
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Succeeded + load.Failed} requests failed: {load.FirstFailure}");
        var status = await service.StatusAsync();
        Assert.Equal(action == ServiceAction.HotRestart, first.After!.Pid == status.Pid);
        // The bridge of a hot restart finishes what it has begun after the order.
        await Condition.HoldsAsync(
            () => Directory.GetDirectories(_home.Paths.ServiceRun(service.Name)).Length == 1
                && _home.ProcessesOf(service.Name).Select(process => process.Generation).Distinct().Count() == 1,
            "one generation is left");
    }

    /// <summary>
    /// The predecessor's sample configuration, with nothing changed but its folder and port: HTTP through uWSGI's router.
    /// </summary>
    [Fact]
    public async Task The_predecessor_s_sample_loses_nothing()
    {
        var service = new LocalService(_home, "sample", """
            api_directory: &api .
            pid_file: &pid !join [*api, /tmp/example_api-master.pid]
            TMP_DIR: &tmp !join [*api, /tmp/]
            directories_to_create: [*tmp, !join [*api, /log/]]
            paths_to_delete: [*pid]
            local_ip: &ip 127.0.0.1
            local_port: &port PORT
            SERVER_ADDRESS: localhost
            SERVER_PORT: *port
            SERVICE_NAME: sample
            uwsgi:
              config_file: !join [*tmp, uwsgi.yaml]
              chdir: *api
              module: app
              callable: app
              processes: 2
              http: !join [*ip, ':', *port]
              master: true
              pidfile: *pid
              max-requests: 5000
              disable-logging: true
              logto: !join [*api, /log/example_%n.log]
              log-maxsize: 100000
              log-date: '[%%d.%%m.%%Y %%H:%%M:%%S]'

            """, ("app.py", FlaskService.App));
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        for (var i = 1; i <= Restarts; i++)
        {
            await load.ReachAsync(load.Succeeded + 20);
            await service.MustAsync(ServiceAction.Restart);
            await load.ReachAsync(load.Succeeded + 20);
            await service.MustAsync(ServiceAction.HotRestart);
        }

        await load.ReachAsync(load.Succeeded + 100);
        Assert.True(load.Failed == 0, $"{load.Failed} of {load.Succeeded + load.Failed} requests failed: {load.FirstFailure}");
    }
}
