using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>agent container: the process that keeps a container.</summary>
internal static class ContainerCommand
{
    public const string Name = "container";

    public static Verb Create()
    {
        var prepare = new Option<bool>("--prepare") { Description = "Only build or pull the image, and make the network." };
        var cleanUp = new Option<bool>("--clean-up") { Description = "Only remove what a keeper that was killed has left." };
        var command = new Verb(Name, "Keep a container. The agent starts one for each instance of a service with 'runner: container'.",
            [("servicectl agent container", "Keep the container that SERVICECTL_CONTAINER describes.")],
            "Ends as the container has ended, and passes signals on to it.") { prepare, cleanUp };
        command.Hidden = true;
        command.Rules.Add(parsed => parsed.GetValue(prepare) && parsed.GetValue(cleanUp)
            ? "Give --prepare or --clean-up, not both." : null);
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                if (parsed.GetValue(prepare))
                    await ContainerKeeping.PrepareAsync(ConsoleOutput.WriteErrorLine, cancellation);
                else if (parsed.GetValue(cleanUp))
                    await ContainerKeeping.CleanUpAsync(cancellation);
                else
                    return await KeepAsync();
                return ExitCodes.Success;
            }
            catch (ServiceCtlException error)
            {
                await ConsoleOutput.WriteErrorLineAsync(ContainerKeeping.Describe(error));
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    /// <summary>Its output goes on as it is: it is a service's.</summary>
    private static async Task<int> KeepAsync()
    {
        await using var output = Console.OpenStandardOutput();
        await using var errors = Console.OpenStandardError();
        return await ContainerKeeping.KeepAsync(output, errors);
    }
}
