using System.Diagnostics;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Remote;

/// <summary>A control plane that does everything at once.</summary>
public sealed class BurstTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_hundred_pushes_at_once_are_one_restart_or_one_for_each_second_they_take()
    {
        var project = await RunningAsync();
        var before = (await project.StatusAsync()).Generation;

        var clock = Stopwatch.StartNew();
        var pushes = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(number => project.PushAsync($$"""{"greeting": "burst", "run": {{number}}}""")));

        var restarts = (await project.StatusAsync()).Generation - before;
        Assert.InRange(restarts, 1, 1 + (int)clock.Elapsed.TotalSeconds);
        Assert.All(pushes, push => Assert.True(push.Outcome is ConfigPushOutcome.Applied or ConfigPushOutcome.Superseded, push.Message));
        Assert.InRange(pushes.Count(push => push.Outcome == ConfigPushOutcome.Applied), 1, restarts);
        Assert.Equal("burst", await project.GreetingAsync());
    }

    [Fact]
    public async Task Pushes_wrong_ones_crashes_and_addresses_all_at_once_leave_one_child_that_knows_everything()
    {
        var project = await RunningAsync("restart: {delay: 50ms, max_delay: 50ms}");
        var random = new Random(20261124);
        using var end = new CancellationTokenSource();
        var watching = NeverTwoAsync(end.Token);
        var (changes, kills, last) = (0, 0, "start");

        for (var number = 0; number < 100; number++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await project.RefusedAsync("""{"logLevel": "loud", "greeting": "never"}""");
                    break;
                case 1 when (await project.StatusAsync()).Pid is { } pid && TryKill(pid):
                    kills++;
                    break;
                case 2 or 3:
                    await _home.Client.Modules.SetAddressAsync(project.Name, $"module-{random.Next(3)}", [$"10.0.0.{number}:80"],
                        CancellationToken.None);
                    break;
                case 4:
                    // A breath, so that some bursts end.
                    await Task.Delay(random.Next(300));
                    break;
            }

            last = $"push {number}";
            changes++;
            await project.PushAsync($$"""{"greeting": "{{last}}"}""", noWait: true);
        }

        await Condition.HoldsAsync(async () => await GreetsAsync(project) == last, "it greets as the last one says");
        await Condition.HoldsAsync(() => KnowsAllModulesAsync(project), "all addresses are delivered");
        await end.CancelAsync();
        await watching;

        var status = await project.StatusAsync();
        Assert.True(status.Generation <= 1 + changes + kills, $"{status.Generation} generations for {changes} changes and {kills} kills");
        // Bursts are one restart each: far fewer than changes.
        Assert.True(status.Generation < 60, $"{status.Generation} generations for {changes} changes and {kills} kills");
        Assert.Equal(JsonNode.Parse(File.ReadAllText(project.ConfigFile))!["greeting"]!.GetValue<string>(), last);
    }

    private static bool TryKill(int pid)
    {
        try
        {
            Process.GetProcessById(pid).Kill();
            return true;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The last push may still be restarting it: nobody answers for a moment then.</summary>
    private static async Task<bool> KnowsAllModulesAsync(KitProject project)
    {
        try
        {
            var known = await project.ModulesAsync();
            return (await project.StatusAsync()).Modules.All(module => module.IsDelivered == true
                && known[module.Module] is JsonArray hosts && module.Hosts.SequenceEqual(hosts.Select(host => host!.GetValue<string>())));
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string?> GreetsAsync(KitProject project)
    {
        try
        {
            return await project.GreetingAsync();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task NeverTwoAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var children = _home.ProcessesOf("greeter");
            Assert.True(children.Select(child => child.Generation).Distinct().Count() <= 1, string.Join(", ", children));
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private async Task<KitProject> RunningAsync(string service = "")
    {
        var project = new KitProject(_home, service: service);
        await project.MustAsync(ServiceAction.Start);
        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync("""{"greeting": "start"}""")).Outcome);
        return project;
    }
}
