using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 8 and 9: a config that is made to hurt gets a clear error in bounded memory and time, and the agent goes on.</summary>
public sealed class HostileConfigTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("billion laughs")]
    [InlineData("deep nesting")]
    [InlineData("100 MB")]
    [InlineData("python object")]
    [InlineData("path traversal")]
    [InlineData("path traversal in a name that is joined")]
    public async Task It_is_refused_with_its_place_by_an_agent_that_stays_small(string attack)
    {
        var good = new LocalService(_home, "good", "service: {runner: command, command: [/bin/sleep, '1000']}\n");
        await good.MustAsync(ServiceAction.Start);
        var before = (await _home.AgentFiguresAsync()).PeakMemory;
        var folder = _home.Folder("hostile");
        var config = Path.Combine(folder, "config.yaml");
        await File.WriteAllTextAsync(config, Text(attack));

        var answer = await _home.RunAsync(folder, "start");

        Assert.Equal(1, answer.Code);
        Assert.Contains("error: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(config, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ServiceCtl.", answer.Error, StringComparison.Ordinal);
        Assert.InRange(answer.Error.Length, 20, 20_000);
        // Their time is bounded by that of RunAsync; what grows without a bound gets to neither limit.
        Assert.True((await _home.AgentFiguresAsync()).PeakMemory - before < 200 << 20);
        Assert.Equal(["good"], (await _home.Client.Services.GetAsync([], CancellationToken.None)).Select(service => service.Name));
        Assert.Equal(ServiceState.Running, (await good.StatusAsync()).State);
        Assert.False(File.Exists("/tmp/servicectl-owned"));
    }

    private static string Text(string attack)
    {
        var text = new StringBuilder("service: {runner: command, command: [/bin/sleep, '1']}\n");
        switch (attack)
        {
            case "billion laughs":
                text.Append("a0: &a0 [lol, lol]\n");
                for (var level = 1; level < 60; level++)
                    text.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
                return text.ToString();
            case "deep nesting":
                return text.Append("a: ").Append('[', 1_000_000).ToString();
            case "100 MB":
                return text.Append("a: ").Append('x', 100_000_000).Append('\n').ToString();
            case "python object":
                return text.Append("a: !!python/object/apply:os.system ['touch /tmp/servicectl-owned']\n").ToString();
            case "path traversal":
                return text.Append("SERVICE_NAME: ../../../tmp/owned\n").ToString();
            default:
                return text.Append("SERVICE_NAME: !join ['..', '/../owned']\n").ToString();
        }
    }
}
