using System.CommandLine;
using System.Runtime.InteropServices;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Foreground;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>run: one service in the foreground, without an agent.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Create()
    {
        var path = SharedOptions.NonEmpty("path", "The service's folder, or its configuration file. Default: this folder.", ".");
        var name = OptionValues.Word("--name", "Its name. Default: SERVICE_NAME of its configuration, else its folder's name.", "name");
        var source = SharedConfigOptions.Source();
        var command = new Verb(Name, "Run a service in the foreground, without an agent.",
            [("servicectl run /srv/billing", "Be the main process of a container, or of a systemd unit.")],
            "SIGTERM and SIGINT let its requests finish. Variables such as SERVICECTL__LOCAL_PORT are configuration here. Exits with 1 if "
                + "the service fails.") { path, name, source };
        command.SetAction(
            (parsed, _) => RunAsync(ServiceFolder.Resolve(parsed.GetValue(path)!), parsed.GetValue(name), parsed.GetValue(source) ?? []));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? name, string[] sources)
    {
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var notifier = ServiceNotifier.FromEnvironment();
        await using var output = Console.OpenStandardOutput();
        var service = new ForegroundService(AgentPaths.ForForeground(path), TimeProvider.System, words => Report(notifier, words),
            block => output.Write(block));
        try
        {
            await service.RunAsync(path, name, sources, notifier, stop.Token);
            return ExitCodes.Success;
        }
        catch (Exception error) when (stop.IsCancellationRequested
            && error is OperationCanceledException or ServiceCtlException { Code: ErrorCode.Cancelled })
        {
            // It was to end while it was starting: nothing is left of it.
            return ExitCodes.Success;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static void Report(ServiceNotifier? notifier, string words)
    {
        ConsoleOutput.WriteErrorLine(words);
        notifier?.Status(words);
    }
}
