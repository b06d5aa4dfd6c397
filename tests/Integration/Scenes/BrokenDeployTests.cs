using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 2: whatever is wrong with what is to come, what runs serves on, and the error says where, why, and what to do.</summary>
public sealed class BrokenDeployTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public static TheoryData<string> Runners => ["uwsgi", "gunicorn", "uvicorn", "python"];

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [MemberData(nameof(Runners))]
    public async Task Code_that_does_not_import_is_told_with_file_and_line(string runner)
    {
        var service = Served.By(runner, _home);
        var first = await service.MustAsync(ServiceAction.Start);
        service.Replace(Served.CodeOf(runner), "VERSION = 'one'", "VERSION = 'two'\nraise RuntimeError('half-written')");

        var error = await RefusedAsync(service, first, ErrorCode.ExitedEarly);

        var line = File.ReadAllLines(Path.Combine(service.Folder, Served.CodeOf(runner))).Index()
            .Single(item => item.Item.StartsWith("raise", StringComparison.Ordinal)).Index + 1;
        Assert.EndsWith($"{Served.CodeOf(runner)}, line {line}: RuntimeError: half-written", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Advice);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public async Task A_config_that_does_not_parse_is_told_with_file_line_and_column(string runner)
    {
        var service = Served.By(runner, _home);
        var first = await service.MustAsync(ServiceAction.Start);
        File.AppendAllText(service.Config, "broken: [1, 2\n");
        var lines = File.ReadAllLines(service.Config).Length;

        var error = await RefusedAsync(service, first, ErrorCode.ConfigInvalid);

        var problem = Assert.Single(error.Problems);
        Assert.Equal(service.Config, problem.Source);
        Assert.InRange(problem.Line!.Value, lines, lines + 1);
        Assert.NotNull(problem.Column);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public async Task A_port_that_is_taken_is_told_with_its_holder(string runner)
    {
        var service = Served.By(runner, _home);
        var first = await service.MustAsync(ServiceAction.Start);
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        service.Replace("config.yaml", service.Port.ToString(CultureInfo.InvariantCulture),
            ((IPEndPoint)holder.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));

        var error = await RefusedAsync(service, first, ErrorCode.AddressInUse);

        Assert.Contains($"pid {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Advice);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public async Task A_virtualenv_that_is_gone_is_told_with_the_remedy(string runner)
    {
        var service = Served.By(runner, _home, more: "env_directory: venv");
        var venv = Path.Combine(service.Folder, "venv");
        using (var making = Process.Start("/usr/bin/python3", ["-m", "venv", "--system-site-packages", "--without-pip", venv]))
            await making.WaitForExitAsync();
        var first = await service.MustAsync(ServiceAction.Start);
        Directory.Delete(venv, recursive: true);

        var error = await RefusedAsync(service, first, ErrorCode.EnvironmentMissing);

        Assert.Contains(venv, error.Message, StringComparison.Ordinal);
        Assert.Contains($"servicectl env by-{runner}", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_crashes_while_its_config_is_half_edited_comes_back_as_it_was()
    {
        var service = Served.By("python", _home);
        var first = await service.MustAsync(ServiceAction.Start);
        File.AppendAllText(service.Config, "broken: [1, 2\n");

        Process.GetProcessById(first.After!.Pid!.Value).Kill();
        await Condition.HoldsAsync(
            async () => await service.StatusAsync() is { State: ServiceState.Running } status && status.Pid != first.After.Pid,
            "it is back");

        Assert.Equal("one", await service.GetAsync("/version"));
    }

    /// <summary>Orders a restart that has to fail.</summary>
    private static async Task<ErrorReport> RefusedAsync(LocalService service, OperationResult first, ErrorCode code)
    {
        var result = await service.OrderAsync(ServiceAction.Restart);

        Assert.True(code == result.Error?.Code,
            $"{result.Error?.Code}: {result.Message}\n{string.Join('\n', result.Error?.LogLines ?? [])}");
        var status = await service.StatusAsync();
        Assert.Equal((ServiceState.Running, first.After!.Pid), (status.State, status.Pid));
        Assert.Equal("one", await service.GetAsync("/version"));
        return result.Error!;
    }
}
