using System.CommandLine;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;
using ServiceCtl.Engine.Messages;

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
        var consul = SharedOptions.Consul();
        var command = new Command(name, description) { names, consul, json, timeout, noWait };
        foreach (var alias in aliases)
            command.Aliases.Add(alias);

        command.SetAction((parsed, cancellation) => RunAsync(
            new OperationRequest
            {
                Action = action,
                Services = parsed.GetValue(names) ?? [],
                TimeoutSeconds = parsed.GetValue(timeout),
                NoWait = parsed.GetValue(noWait),
                Consul = SharedOptions.IsOn(parsed.GetValue(consul)),
            },
            parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(OperationRequest order, bool json, CancellationToken cancellation)
    {
        using var manager = Services.Open();
        var request = order with { Services = await Services.SelectAsync(manager, order.Services, cancellation) };

        var openings = new Dictionary<string, ServiceOpening>();
        // One service has the screen for itself, with a line before and after; of many, each says what became of it.
        var isOnly = request.Services is [var only] && !only.AsSpan().ContainsAny('*', '?');
        var results = new List<OperationResult>();
        await foreach (var result in manager.OperateAsync(request, json ? null : new StepOutput(), cancellation, json ? null : Open))
        {
            results.Add(result);
            if (json)
                continue;
            var opening = openings.GetValueOrDefault(result.Service);
            await ConsoleOutput.WriteAsync(result, opening);
            if (isOnly && opening is not null && !request.NoWait)
                await ConsoleOutput.WriteAsync([OperationText.Closing(result)], opening);
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(results, AgentJson.Default.IReadOnlyListOperationResult);
        else if (results.Count == 0)
            await Console.Error.WriteLineAsync("No service matches; nothing was done.");
        return results.Exists(result => result.Outcome == OperationOutcome.Failed) ? ExitCodes.Failed : ExitCodes.Success;

        void Open(ServiceOpening opening)
        {
            openings[opening.Service] = opening;
            if (isOnly)
                Console.Out.WriteLine(ConsoleOutput.StyleOf(opening, isError: false).Paint(OperationText.Opening(OperationText.Verb(request.Action), opening)));
        }
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
