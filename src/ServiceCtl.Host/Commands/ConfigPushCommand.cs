using System.CommandLine;
using System.Runtime.CompilerServices;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>config push: a configuration for services that take one from others.</summary>
internal static class ConfigPushCommand
{
    public static Command Create(Func<ParseResult, HostGroup> open)
    {
        var file = SharedOptions.NonEmpty("file",
            "The configuration, a file of this host: JSON, YAML, TOML or INI by its extension; '-' for JSON from standard input.");
        var names = SharedOptions.Names();
        var preview = new Option<bool>(
            "--preview")
        { Description = "Show what it would change, and whether that needs a restart. Changes nothing." };
        var noRollback = new Option<bool>(
            "--no-rollback")
        {
            Description =
                "Keep it even if a service does not become ready with it. Default: put the previous one back."
        };
        var noWait = new Option<bool>("--no-wait") { Description = "Don't wait for the restarts." };
        var json = SharedOptions.Json();
        var command = new Verb("push",
            "Push a configuration to services that have service.remote, and restart them if it changes anything.",
            [
                ("servicectl config push new.yaml web --preview", "Show the difference."),
                ("echo '{\"log_level\": \"debug\"}' | servicectl config push - web", "Push from a script."),
            ],
            "An invalid configuration is refused, and an equal one changes nothing.")
        {
            file, names, preview, noRollback, noWait, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(file)!,
            new ConfigPushRequest
            {
                Service = "",
                Text = "",
                Preview = parsed.GetValue(preview),
                NoRollback = parsed.GetValue(noRollback),
                NoWait = parsed.GetValue(noWait)
            },
            () => open(parsed), parsed.GetValue(names) ?? [], parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string file, ConfigPushRequest request, Func<HostGroup> open, string[] names, bool json, CancellationToken cancellation)
    {
        request = file == "-"
            ? request with { Text = await Console.In.ReadToEndAsync(cancellation), Source = "standard input" }
            : request with
            {
                Text = await ConfigurationVerbs.ReadFileAsync(ServiceFolder.Resolve(file), cancellation),
                Source = file,
                Format = ConfigurationVerbs.FormatOf(file)
            };
        using var hosts = open();
        var selected = await Services.SelectAsync(hosts, names, cancellation);
        var pushes = new List<PyServiceConfigPush>();
        var refused = false;
        await foreach (var answer in hosts.StreamAsync(host => PushAsync(host, selected, request, cancellation), cancellation))
        {
            refused |= (answer.Error ?? answer.Value.Error ?? answer.Value.Push?.Error) is not null;
            if ((answer.Error ?? answer.Value.Error) is { } error)
                await ConsoleOutput.WriteErrorAsync(error);
            if (answer.Value.Push is not { } push)
                continue;
            pushes.Add(push);
            if (!json)
                await WriteAsync(push);
        }

        if (json)
            await ConsoleOutput.WriteJsonAsync(pushes, AgentJson.Default.IReadOnlyListPyServiceConfigPush);
        return refused ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static async IAsyncEnumerable<(PyServiceConfigPush? Push, ErrorReport? Error)> PushAsync(
        ServiceCtlClient host, IReadOnlyList<string> selected, ConfigPushRequest request,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var service in await host.Services.GetAsync(selected, cancellation))
            yield return await PushOneAsync(host, request with { Service = service.Name }, cancellation);
    }

    private static async Task<(PyServiceConfigPush? Push, ErrorReport? Error)> PushOneAsync(
        ServiceCtlClient host, ConfigPushRequest request, CancellationToken cancellation)
    {
        try
        {
            return (await host.Configuration.PushAsync(request, cancellation), null);
        }
        catch (ServiceCtlException error) when (error.Code is not (ErrorCode.AgentUnreachable or ErrorCode.HostUnreachable))
        {
            return (null, error.Report with { HostName = host.HostName });
        }
    }

    private static async Task WriteAsync(PyServiceConfigPush push)
    {
        if (push.Error is { } error)
            await ConsoleOutput.WriteErrorAsync(error with { Message = push.Message, HostName = push.HostName });
        else
            await ConsoleOutput.WriteLineAsync(push.HostName is null ? push.Message : $"{push.HostName}: {push.Message}");
        foreach (var difference in push.Differences)
            await ConsoleOutput.WriteLineAsync($"  {difference}");
    }
}
