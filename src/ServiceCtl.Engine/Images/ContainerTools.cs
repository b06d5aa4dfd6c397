using ServiceCtl.Contracts;
using ServiceCtl.Engine.Containers;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Images;

/// <summary>Finds the command of the engine that is meant: the one that the services of this host run in, where there is one.</summary>
internal static class ContainerTools
{
    /// <param name="wanted"><c>docker</c>, <c>podman</c>, or the absolute path of a socket; null for what is here.</param>
    /// <param name="environment">Of this process; null for it.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.RunnerMissing"/>.</exception>
    public static ContainerTool Find(string? wanted, Func<string, string?>? environment = null)
    {
        if (wanted is not null && !ContainerRule.IsEngine(wanted))
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, wanted, $"'{VisibleText.Line(wanted)}' is not a container engine.",
                "Write docker, podman, or the absolute path of the engine's socket.");
        }

        environment ??= Environment.GetEnvironmentVariable;
        // An engine of another host, which docker's command reaches.
        if (wanted is null or ContainerTool.Docker && environment("DOCKER_HOST") is { Length: > 0 } host
            && !host.StartsWith("unix://", StringComparison.Ordinal))
            return Plain(ContainerTool.Docker);
        try
        {
            using var engine = ContainerEngine.Find(wanted, environment);
            return new ContainerTool(engine.Name, engine.CommandWords, engine.CommandEnvironment);
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.RunnerMissing && WithoutSocket(wanted, environment) is { } tool)
        {
            return tool;
        }
    }

    /// <summary>podman works without a server, and docker's contexts know others.</summary>
    private static ContainerTool? WithoutSocket(string? wanted, Func<string, string?> environment)
    {
        Dictionary<string, string> path = new() { ["PATH"] = environment("PATH") ?? "" };
        return Array.Find<string>([ContainerTool.Podman, ContainerTool.Docker],
            name => (wanted ?? name) == name && ServiceEnvironment.FindProgram(path, name) is not null) is { } found ? Plain(found) : null;
    }

    private static ContainerTool Plain(string name) => new(name, [], new Dictionary<string, string>());
}
