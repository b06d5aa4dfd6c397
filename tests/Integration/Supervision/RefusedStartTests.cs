using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>Everything that can be in a start's way is named, and leaves nothing behind.</summary>
public sealed class RefusedStartTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Broken_code_is_told_with_its_traceback()
    {
        var service = new FlaskService(_home, "broken", app: "import flask\nraise RuntimeError('half-written')\n");

        var result = await RefusedAsync(service, ErrorCode.ExitedEarly);

        Assert.Contains("RuntimeError: half-written", result.LogLines);
        Assert.Contains("imported", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_module_is_named()
    {
        var service = new FlaskService(_home, "needy", app: "import a_module_nobody_has\n");

        var result = await RefusedAsync(service, ErrorCode.ExitedEarly);

        Assert.Contains(result.LogLines, line => line.Contains("No module named 'a_module_nobody_has'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_taken_port_is_told_with_its_holder_who_is_left_alone()
    {
        var service = new FlaskService(_home, "late");
        using var holder = new TcpListener(IPAddress.Loopback, service.Port);
        holder.Start();

        var result = await RefusedAsync(service, ErrorCode.AddressInUse);

        Assert.Contains($"pid {Environment.ProcessId}", result.Message, StringComparison.Ordinal);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, service.Port);
    }

    [Fact]
    public async Task A_port_taken_on_all_interfaces_is_told_too()
    {
        var service = new FlaskService(_home, "wild");
        using var holder = new TcpListener(IPAddress.Any, service.Port);
        holder.Start();

        await RefusedAsync(service, ErrorCode.AddressInUse);
    }

    [Fact]
    public async Task A_missing_virtualenv_is_told_with_the_remedy()
    {
        var service = new FlaskService(_home, "bare", more: "env_directory: venv");

        var result = await RefusedAsync(service, ErrorCode.EnvironmentMissing);

        Assert.Contains(Path.Combine(service.Folder, "venv"), result.Message, StringComparison.Ordinal);
        Assert.Contains("servicectl env bare", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_uwsgi_is_told_with_the_remedy()
    {
        var service = new FlaskService(_home, "serverless", more: "service: {environment: {PATH: /nowhere}}");

        var result = await RefusedAsync(service, ErrorCode.RunnerMissing);

        Assert.Contains("/nowhere", result.Message, StringComparison.Ordinal);
        Assert.Contains("apt install uwsgi-core", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_that_uwsgi_does_not_know_is_told()
    {
        var service = new FlaskService(_home, "odd", uwsgi: "no-such-option-at-all: 1\nstrict: true");

        var result = await RefusedAsync(service, ErrorCode.ExitedEarly);

        Assert.Contains("option", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_a_ping_is_told_what_it_answered()
    {
        var service = new FlaskService(_home, "mute", more: "service: {ready: {http: /no-such-page, timeout: 2s}}");

        var result = await RefusedAsync(service, ErrorCode.NotReady);

        Assert.Matches("GET http://[^ ]*/no-such-page .*answered 404", result.Message);
        Assert.Contains("service.ready.http", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_boots_too_long_is_told_which_workers_it_waited_for()
    {
        var service = new FlaskService(_home, "slowpoke", uwsgi: "lazy-apps: true", more: "service: {ready: {timeout: 2s}}",
            app: "import time\ntime.sleep(30)\n");

        var result = await RefusedAsync(service, ErrorCode.NotReady);

        Assert.Contains("0 of 2 workers", result.Message, StringComparison.Ordinal);
    }

    private static async Task<ErrorReport> RefusedAsync(FlaskService service, ErrorCode code)
    {
        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.True(code == result.Error!.Code, $"{result.Error.Code}: {result.Message}\n{string.Join('\n', result.Error.LogLines)}");
        var status = await service.StatusAsync();
        Assert.Equal(ServiceState.Failed, status.State);
        Assert.Equal(result.Message, status.Problem);
        Assert.Equal(0, status.ProcessCount);
        Assert.False(File.Exists(service.PidFile));
        return result.Error;
    }
}
