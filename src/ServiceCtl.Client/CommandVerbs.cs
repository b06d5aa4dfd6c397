using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Images;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Client;

/// <summary>
/// Commands that people run as a service would: in its environment, folder and virtualenv, as its user. They ask no agent.
/// </summary>
public sealed class CommandVerbs
{
    /// <summary>What a program needs of the terminal that it is run on.</summary>
    private static readonly string[] OfTerminal = ["TERM", "COLORTERM", "NO_COLOR", "LINES", "COLUMNS"];

    private readonly AgentConnection _agent;
    private readonly CatalogVerbs _catalog;

    internal CommandVerbs(AgentConnection agent, CatalogVerbs catalog)
    {
        _agent = agent;
        _catalog = catalog;
    }

    /// <summary>How to start a command of a service. Its standard streams are the caller's.</summary>
    /// <param name="name">The service.</param>
    /// <param name="words">The program, by a path relative to the service's folder or by a name that the service's PATH finds, and its
    /// arguments.</param>
    /// <param name="hasTerminal">On another host, or in a container, it is to have a terminal of its own there.</param>
    /// <param name="hasInput">In a container, it is to read what this process is given.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>; <see cref="ErrorCode.EnvironmentMissing"/>;
    /// <see cref="ErrorCode.RunnerMissing"/>: no such program;
    /// <see cref="ErrorCode.AccessDenied"/>: the service runs as somebody else, and the caller is not root.
    /// </exception>
    public async Task<ServiceCommand> PrepareAsync(
        string name, IReadOnlyList<string> words, bool hasTerminal, bool hasInput, CancellationToken cancellation)
    {
        var service = await _catalog.GetOneAsync(name, cancellation);
        if (_agent.Host is { } host)
        {
            var remote = SshCommand.ServiceCtl(host, ["exec", name, "--", .. words]);
            return new ServiceCommand(name, SshCommand.ToJoin(host, remote, hasTerminal), view: null);
        }

        return LocalHost.HasServices
            ? await PrepareHereAsync(service, words, hasTerminal, hasInput, cancellation) : throw LocalHost.Unsupported();
    }

    [SupportedOSPlatform("linux")]
    private async Task<ServiceCommand> PrepareHereAsync(
        KnownService service, IReadOnlyList<string> words, bool hasTerminal, bool hasInput, CancellationToken cancellation)
    {
        var name = service.Name;
        var definition = await _catalog.ReadDefinitionAsync(service, cancellation);
        if (definition.Container is { } rule)
        {
            var inside = await ContainerCommand.PrepareAsync(
                name, rule.Engine, _agent.Paths.Home, words, hasTerminal, hasInput, cancellation);
            return new ServiceCommand(name, inside, view: null);
        }

        ServiceEnvironment.RequireVirtualEnvironment(definition);

        var environment = new Dictionary<string, string>(ServiceEnvironment.Of(definition));
        foreach (var variable in OfTerminal)
        {
            if (Environment.GetEnvironmentVariable(variable) is { } value)
                environment.TryAdd(variable, value);
        }

        var program = words[0].Contains('/')
            ? Path.GetFullPath(words[0], definition.Folder) : ServiceEnvironment.FindProgram(environment, words[0]);
        if (program is null || !File.Exists(program))
        {
            throw new ServiceCtlException(
                ErrorCode.RunnerMissing, name,
                $"There is no program '{words[0]}' "
                    + $"{(program is null ? $"in the PATH of {name}: {environment["PATH"]}" : $"at {program}")}.",
                "Name one by its path, relative to the service's folder, or one that is in its PATH.");
        }

        var spec = Launcher.AsUser(
            new ProcessSpec
            {
                FileName = program,
                Arguments = [.. words.Skip(1)],
                Environment = environment,
                WorkingDirectory = definition.Folder
            },
            name, definition.User, ServiceSandbox.Of(definition));
        return new ServiceCommand(name, spec.ToStartInfo(), spec.View);
    }
}
