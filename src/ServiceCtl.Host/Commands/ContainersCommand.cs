using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>containers: those of services, the ended ones too; rm below it.</summary>
internal static class ContainersCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Services, by names or patterns; containers, by names or the beginnings of their ids. Default: all.",
        };
        names.Validators.Add(SharedOptions.RefuseEmpty);
        names.CompletionSources.Add(_ => Services.NamesForCompletion());
        var detailed = new Option<bool>("--detailed") { Description = "Print everything that the engine knows, as 'docker inspect' does." };
        var engine = ImageCommands.Engine();
        var json = SharedOptions.Json();
        var command = new Verb("containers", "List the containers of services, also those that have ended.",
            [
                ("servicectl containers", "List those of all services, as 'docker ps -a' does."),
                ("servicectl containers shop --detailed", "Print all about those of one."),
                ("servicectl containers --host web1", "List those of another host."),
            ],
            "These are the containers of this agent's services, known by their labels. Their output is in 'servicectl logs', and "
                + "'servicectl exec' runs a command inside.") { names, detailed, engine, json, CreateRemove() };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            var isDetailed = parsed.GetValue(detailed);
            var all = await client.Containers.GetAsync(parsed.GetValue(names) ?? [], parsed.GetValue(engine), isDetailed, cancellation);
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(all, AgentJson.Default.IReadOnlyListPyServiceContainer);
            else if (isDetailed)
                await ConsoleOutput.WriteJsonAsync(Inspections(all));
            else if (all.Count == 0)
                await ConsoleOutput.WriteErrorLineAsync("No containers of services are here.");
            foreach (var line in parsed.GetValue(json) || isDetailed ? [] : all.SelectMany(LinesOf))
                await ConsoleOutput.WriteLineAsync(line);
            return ExitCodes.Success;
        });
        return HostRelay.AddTo(command);
    }

    private static Verb CreateRemove()
    {
        var containers = new Argument<string[]>("container")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Names of containers, or the beginnings of their ids.",
        };
        containers.Validators.Add(SharedOptions.RefuseEmpty);
        var force = SharedOptions.Force("Also one that runs: its service takes that for a failure, and starts again.");
        var engine = ImageCommands.Engine();
        var json = SharedOptions.Json();
        var command = new Verb("rm", "Remove containers of services, with their unnamed volumes.",
            [
                ("servicectl containers rm 3f1c", "Remove one that has ended, by the beginning of its id."),
                ("servicectl containers rm 3f1c --force", "Remove it even if it runs, as 'docker rm -f' does."),
            ],
            "Only containers of this agent's services are removed.") { containers, force, engine, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Services.Open();
            foreach (var container in parsed.GetValue(containers) ?? [])
            {
                await client.Containers.RemoveAsync(container, parsed.GetValue(engine), parsed.GetValue(force), cancellation);
                if (!parsed.GetValue(json))
                    await ConsoleOutput.WriteLineAsync($"{container} is removed.");
            }

            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync([], AgentJson.Default.IReadOnlyListPyServiceContainer);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Inspections(IEnumerable<PyServiceContainer> containers)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var container in containers)
            {
                using var document = JsonDocument.Parse(container.Inspection!);
                document.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private static IEnumerable<string> LinesOf(PyServiceContainer one)
    {
        var code = one.ExitCode is { } exit ? string.Create(CultureInfo.InvariantCulture, $" with {exit}") : "";
        yield return $"{one.Service}  {one.Name}  {one.State}{code}{(one.IsOutOfMemory ? ", out of memory" : "")}"
            + $"{((one.FinishedAt ?? one.StartedAt) is { } since ? $" since {ConsoleOutput.Text(since)}" : "")}  {one.Image}";
        yield return $"  id      {one.Id[..Math.Min(12, one.Id.Length)]}"
            + (one.ProcessId is { } pid ? string.Create(CultureInfo.InvariantCulture, $", pid {pid}") : "")
            + (one.Generation is { } generation ? string.Create(CultureInfo.InvariantCulture, $", generation {generation}") : "");
        if (one.Ports.Count > 0)
            yield return $"  ports   {string.Join(", ", one.Ports)}";
        if (one.Networks.Count > 0)
            yield return $"  network {string.Join(", ", one.Networks)}";
        if (one.Error is { } error)
            yield return $"  error   {error}";
    }
}
