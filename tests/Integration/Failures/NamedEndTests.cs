using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>Ends that are called by their name: want of memory, and programs that put themselves into the background.</summary>
public sealed class NamedEndTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Whoever_is_killed_for_want_of_memory_is_named_with_figures_and_matched_by_a_rule()
    {
        var service = new RuledService(_home, "hungry", """
            - {match: {signal: KILL, oom: false}, do: stop, code: SOMEBODY}
            - {match: {signal: KILL, oom: true}, do: stop, code: MEMORY}
            """, "limits: {memory: 64MB}");
        await service.MustAsync(ServiceAction.Start);
        var limit = (await service.StatusAsync()).Limits.Single(one => one.Name == "memory");
        Assert.SkipWhen(limit.By == "rlimit", "no memory controller of cgroups is at hand");

        service.Write("eat", "200");
        await _home.Client.Services.WaitAsync("hungry", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        var status = await service.StatusAsync();
        Assert.Equal("MEMORY", status.Failure?.Code);
        Assert.Equal("killed by the kernel for want of memory: 64 MB of 64 MB", status.Failure?.Cause);
        Assert.Equal(64_000_000, status.LastExit?.OutOfMemory?.LimitBytes);
        Assert.Contains("want of memory", status.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_killed_by_somebody_is_not_taken_for_one_that_wanted_memory()
    {
        var service = new RuledService(_home, "killed", """
            - {match: {oom: true}, do: stop, code: MEMORY}
            - {match: {signal: KILL}, do: stop, code: SOMEBODY}
            """);
        await service.MustAsync(ServiceAction.Start);

        System.Diagnostics.Process.GetProcessById((await service.StatusAsync()).Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("killed", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.Equal("SOMEBODY", (await service.StatusAsync()).Failure?.Code);
    }

    [Fact]
    public async Task A_program_that_puts_itself_into_the_background_is_told_what_to_do()
    {
        var service = new LocalService(_home, "daemon", """
            service: {runner: command, command: [./main.sh], ready: {delay: 30s}}
            """, ("main.sh", "#!/bin/sh\nsetsid sleep 981 &\nsleep 0.2\nexit 0\n"));

        var result = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.ExitedEarly, result.Error?.Code);
        Assert.Contains("put itself into the background", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("--foreground", result.Error.Advice, StringComparison.Ordinal);
        Assert.Empty(_home.ProcessesOf("daemon"));
    }
}
