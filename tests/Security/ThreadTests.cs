using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>A limit of processes (<c>ulimit -u</c>) so low that the command, or the agent it starts, can't have its threads.</summary>
public sealed class ThreadTests : IAsyncDisposable
{
    /// <summary>The runtime's own two, of which the second is not there: it ends before any code of ours runs.</summary>
    private const int Hopeless = 1;

    /// <summary>Enough for both.</summary>
    private const int Ample = 64;

    private const string Crowd = """
        import threading, time
        for _ in range(20):
            threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Whatever_number_it_is_the_command_and_the_agent_work_or_say_what_they_lack()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        Assert.SkipWhen(File.Exists(Home.Executable + ".dll"), "what .NET's own host makes of it is another matter");
        // What others of the suite run counts for the users that they share.
        using var user = new ThrowawayUser();
        var (command, home) = (_home.CopyOfExecutable(), _home.Folder("limited"));
        user.Own(home);
        ThrowawayUser.Open(Path.GetDirectoryName(command)!);
        foreach (var limit in (int[])[1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 36, 40, Ample])
        {
            var listed = await LimitedAsync(user, limit, command, home, "list");
            await user.RunAsync("/usr/bin/env", $"SERVICECTL_HOME={home}", command, "agent", "stop", "--force");

            if (limit <= Hopeless)
                Assert.Equal((255, ""), (listed.Code, listed.Error));
            else if (listed.Code != 0)
                Assert.True(
                    listed.Code == 1
                        && (listed.Error.Contains("threads", StringComparison.Ordinal)
                            || listed.Error.Contains("no further", StringComparison.Ordinal))
                        && listed.Error.Contains("ulimit -u", StringComparison.Ordinal),
                    $"with {limit}: {listed}");
            Assert.True(limit < Ample || listed.Code == 0, listed.ToString());
        }
    }

    [Theory]
    [InlineData("runner: command, command: [/usr/bin/python3, app.py]", 1)]
    [InlineData("runner: command, command: [/usr/bin/python3, app.py]", 8)]
    [InlineData("runner: gunicorn, app: 'app:app', listen: 127.0.0.1:PORT", 1)]
    [InlineData("runner: gunicorn, app: 'app:app', listen: 127.0.0.1:PORT", 8)]
    public async Task A_service_that_may_have_too_few_says_what_failed_and_harms_nobody_else(string launch, int limit)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        using var user = new ThrowawayUser();
        var other = new LocalService(_home, "other", $"service: {{runner: command, command: [sleep, '100000'], user: {user.Name}}}\n");
        var service = new LocalService(
            _home, "crowded", $"service: {{{launch}, user: {user.Name}, limits: {{processes: {limit}}}, restart: {{when: never}}}}\n",
            ("app.py", Crowd));
        foreach (var one in (LocalService[])[other, service])
        {
            ThrowawayUser.Open(one.Folder);
            user.Own(one.Folder);
        }

        var running = await other.MustAsync(ServiceAction.Start);
        var started = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Failed, started.Outcome);
        var said = started.Error!.Message + string.Join('\n', started.Error.LogLines);
        Assert.True(
            said.Contains("can't start new thread", StringComparison.Ordinal)
                || said.Contains("temporarily unavailable", StringComparison.Ordinal),
            said);
        Assert.Equal(running.After!.Pid, (await other.StatusAsync()).Pid);
        Assert.Empty(_home.ProcessesOf("crowded"));
        await other.MustAsync(ServiceAction.Stop);
    }

    /// <summary>The limit counts what the kernel counts: the command, its agent, and every thread of both.</summary>
    private static Task<CommandResult> LimitedAsync(ThrowawayUser user, int limit, string command, string home, params string[] words)
    {
        var number = limit.ToString(CultureInfo.InvariantCulture);
        return user.RunAsync(
            ["/usr/bin/prlimit", $"--nproc={number}:{number}", "--core=0", "--", "/usr/bin/env", $"SERVICECTL_HOME={home}", command,
                .. words]);
    }
}
