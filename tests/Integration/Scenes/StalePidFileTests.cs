using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 4: a pid that has gone to somebody else. That process is never touched.</summary>
public sealed class StalePidFileTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly Process _other = Process.Start("/bin/sleep", "600");

    public async ValueTask DisposeAsync()
    {
        _other.Kill();
        _other.Dispose();
        await _home.DisposeAsync();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task A_pid_file_of_another_program_is_not_believed_old_or_new(int hours)
    {
        var service = new FlaskService(_home, "stale");
        Directory.CreateDirectory(Path.GetDirectoryName(service.PidFile)!);
        File.WriteAllText(service.PidFile, $"{_other.Id}\n");
        File.SetLastWriteTimeUtc(service.PidFile, DateTime.UtcNow.AddHours(hours));

        Assert.Equal(OperationOutcome.Unchanged, (await service.OrderAsync(ServiceAction.Stop)).Outcome);
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);

        Assert.False(_other.HasExited);
    }

    [Fact]
    public async Task A_record_of_a_generation_whose_pid_has_gone_to_another_program_is_not_believed()
    {
        var service = new LocalService(_home, "reused", """
            service: {runner: command, command: [/bin/sleep, '1000']}
            """);
        var started = await service.MustAsync(ServiceAction.Start);
        await _home.KillAgentAsync();
        var record = Path.Combine(_home.Paths.ServiceRun("reused"), "1", "serving.json");
        var text = File.ReadAllText(record);
        Assert.Contains($"\"Pid\":{started.After!.Pid}", text, StringComparison.Ordinal);
        File.WriteAllText(record, text.Replace($"\"Pid\":{started.After.Pid}", $"\"Pid\":{_other.Id}", StringComparison.Ordinal));

        await _home.Client.Services.WaitAsync("reused", ServiceState.Running, Patience.Limit, CancellationToken.None);
        await _home.RunsOnceAsync("reused", 1);
        await service.MustAsync(ServiceAction.Stop);

        Assert.False(_other.HasExited);
    }
}
