using System.Collections.Concurrent;
using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>start, stop, restart, hot_restart: an order, its steps, and its result.</summary>
internal static class OperationCommand
{
    public static Command CreateStart() => Create(
        "start", ServiceAction.Start, "Start services, and wait until they are ready.",
        [
            ("servicectl start", "Start the service in this folder, registering it first if necessary."),
            ("servicectl start web 'worker-*'", "Start services by name and pattern."),
            ("servicectl start web --timeout 2m", "Give a slow one two minutes to become ready."),
        ],
        "A service that is running already is left alone. If one does not become ready, everything it started is ended, and the error "
            + "shows its last log lines.");

    public static Command CreateStop() => Create(
        "stop", ServiceAction.Stop, "Stop services: finish the requests in flight, end every process, and free the address.",
        [
            ("servicectl stop web", "Stop one."),
            ("servicectl stop '*' '!web'", "Stop all but one."),
        ]);

    public static Command CreateRestart() => Create(
        "restart", ServiceAction.Restart, "Restart services with new code and configuration, without losing a request.",
        [
            ("servicectl restart web", "Start a new generation; the old one ends when the new one is ready."),
            ("servicectl restart '*' --no-wait", "Order it, and return at once."),
            ("servicectl restart web --host web1,web2", "Do it on two other hosts, side by side."),
        ],
        "If the new generation does not become ready, the old one keeps serving.");

    public static Command CreateHotRestart() => Create(
        "hot_restart", ServiceAction.HotRestart, "Reload the code in the running server, without losing a request.",
        [("servicectl hot_restart web", "Check that the new code can be imported, then reload it.")],
        "The configuration is not read again; 'servicectl restart' does that. Code that can't be imported changes nothing.", "hot-restart");

    private static Verb Create(
        string name, ServiceAction action, string description, (string, string)[] examples, string? details = null, params string[] aliases)
    {
        var names = SharedOptions.Names();
        var json = SharedOptions.Json();
        var timeout = SharedOptions.Timeout();
        var noWait = new Option<bool>("--no-wait") { Description = "Return as soon as the agent has taken the order." };
        var consul = SharedOptions.Consul();
        var command = new Verb(name, description, examples, details) { names, timeout, noWait, consul, json };
        foreach (var alias in aliases)
            command.Aliases.Add(alias);
        var hosts = HostOptions.AddTo(command);

        command.SetAction((parsed, cancellation) => RunAsync(
            new OperationRequest
            {
                Action = action,
                Services = parsed.GetValue(names) ?? [],
                TimeoutSeconds = parsed.GetValue(timeout)?.TotalSeconds,
                NoWait = parsed.GetValue(noWait),
                Consul = parsed.GetValue(consul)?.IsOn,
            },
            hosts, parsed, parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        OperationRequest order, HostOptions options, ParseResult parsed, bool json, CancellationToken cancellation)
    {
        using var hosts = options.Open(parsed);
        var request = order with { Services = await Services.SelectAsync(hosts, order.Services, cancellation) };

        var openings = new ConcurrentDictionary<(string? Host, string Service), ServiceOpening>();
        // One service has the screen for itself, with a line before and after; of many, each prints its result.
        var isOnly = !hosts.AreSeveral && request.Services is [var only] && !Services.IsPattern(only);
        var (results, unreached) = (new List<OperationResult>(), 0);
        await foreach (var answer in hosts.StreamAsync(Operate, cancellation))
        {
            if (answer.Value is not { } result)
            {
                unreached++;
                await ConsoleOutput.WriteErrorAsync(answer.Error!, isVerbose: parsed.GetValue(SharedOptions.Verbose));
                continue;
            }

            results.Add(result);
            if (json)
                continue;
            var opening = openings.GetValueOrDefault((result.HostName, result.Service));
            await ConsoleOutput.WriteAsync(result, opening);
            if (isOnly && opening is not null && !request.NoWait)
                await ConsoleOutput.WriteAsync([OperationText.Closing(result)], opening);
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(results, AgentJson.Default.IReadOnlyListOperationResult);
        else if (results.Count == 0 && unreached == 0)
            await Services.WriteNoMatchAsync(request.Services);
        return unreached > 0 || results.Exists(result => result.Outcome == OperationOutcome.Failed)
            ? ExitCodes.Failed : ExitCodes.Success;

        IAsyncEnumerable<OperationResult> Operate(ServiceCtlClient host) => host.Services.OperateAsync(
            request, json ? null : new StepOutput(parsed, host.HostName), cancellation,
            json ? null : opening => Open(host.HostName, opening));

        void Open(string? host, ServiceOpening opening)
        {
            openings[(host, opening.Service)] = opening;
            if (isOnly)
                Console.Out.WriteLine(
                    ConsoleOutput.StyleOf(opening, isError: false)
                        .Paint(OperationText.Opening(OperationText.Verb(request.Action), opening)));
        }
    }

    /// <summary>Steps are for people who watch: they go to a terminal, and elsewhere only with --verbose.</summary>
    private sealed class StepOutput(ParseResult parsed, string? host) : IProgress<OperationProgress>
    {
        private readonly bool _isShown = parsed.GetValue(SharedOptions.Verbose)
            || (!Console.IsErrorRedirected && !parsed.GetValue(SharedOptions.Quiet));

        public void Report(OperationProgress value)
        {
            if (_isShown)
                ConsoleOutput.WriteErrorLine($"  {(host is null ? "" : $"{host}: ")}{value.Service}: {value.Step}");
        }
    }
}
