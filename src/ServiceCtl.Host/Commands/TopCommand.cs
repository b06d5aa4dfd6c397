using System.CommandLine;
using ServiceCtl.Engine.Messages;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Status;
using ServiceCtl.Host.Syntax;
using ServiceCtl.Host.Top;

namespace ServiceCtl.Host.Commands;

/// <summary>top: a live view of services in the terminal; without a terminal, the table of status, once.</summary>
internal static class TopCommand
{
    public static Command Create()
    {
        var names = SharedOptions.NamesOrAll();
        var command = new Verb("top", "Watch services live; restart, stop and read their logs with a key.",
            [("servicectl top", "Watch all services. ? shows the keys, q quits."), ("servicectl top 'web-*'", "Watch some.")],
            "Without a terminal it prints one table and exits.") { names };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            await client.Agent.StartAsync(cancellation);
            var selected = await Services.SelectKnownAsync(client, parsed.GetValue(names) ?? [], cancellation);
            if (Terminal.IsPresent)
            {
                // A wrong name is reported before the screen is taken.
                await client.Services.GetFiguresAsync(selected, cancellation);
                using var screen = new TopScreen(client, selected, TimeProvider.System);
                await screen.RunAsync(cancellation);
                return ExitCodes.Success;
            }

            await Console.Out
                .WriteAsync(StatusTable.Of(await client.Services.GetStatusAsync(selected, cancellation), selected, MessageStyle.Plain));
            return ExitCodes.Success;
        });
        return HostRelay.AddTo(command, RelayKind.Terminal);
    }
}
