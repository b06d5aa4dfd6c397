using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Host.Commands;

/// <summary>start, stop, restart, hot_restart: an order, its steps, and what became of it.</summary>
internal static class OperationCommand
{
    public static Command Create(string name, ServiceAction action, string description, params string[] aliases)
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var timeout = SharedOptions.Timeout();
        var noWait = new Option<bool>("--no-wait") { Description = "Return when the order has been taken." };
        var command = new Command(name, description) { names, json, timeout, noWait };
        foreach (var alias in aliases)
            command.Aliases.Add(alias);

        command.SetAction((parsed, cancellation) => RunAsync(
            action, parsed.GetValue(names) ?? [], parsed.GetValue(timeout), parsed.GetValue(noWait), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ServiceAction action, string[] names, double? timeout, bool noWait, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var request = new OperationRequest
        {
            Action = action,
            Services = await Services.SelectAsync(manager, names, cancellation),
            TimeoutSeconds = timeout,
            NoWait = noWait,
        };

        if (!json && request.Services is [var only])
            await WriteRevisionAsync(manager, only, cancellation);

        var results = new List<OperationResult>();
        await foreach (var result in manager.OperateAsync(request, json ? null : new StepOutput(), cancellation))
        {
            results.Add(result);
            if (!json)
                await ConsoleOutput.WriteAsync(result);
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(results, AgentJson.Default.IReadOnlyListOperationResult);
        else if (results.Count == 0)
            await Console.Error.WriteLineAsync("No service matches; nothing was done.");
        return results.Exists(result => result.Outcome == OperationOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Success;
    }

    /// <summary>An operation on one service begins with the commit of its folder. Failing to read it is told, never fatal.</summary>
    private static async Task WriteRevisionAsync(ServiceManager manager, string name, CancellationToken cancellation)
    {
        await foreach (var (service, revision, problem) in manager.GetRevisionsAsync([name], cancellation))
            await Console.Out.WriteLineAsync($"{service}: " + (revision is null ? problem ?? "not a git checkout" : $"commit {revision}"));
    }

    /// <summary>Steps are for people who watch: they go to the terminal, never into a redirected output.</summary>
    private sealed class StepOutput : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value)
        {
            if (!Console.IsErrorRedirected)
                Console.Error.WriteLine($"  {value.Service}: {value.Step}");
        }
    }
}
