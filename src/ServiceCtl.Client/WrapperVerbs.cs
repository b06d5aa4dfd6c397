using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Scaffolding;

namespace ServiceCtl.Client;

/// <summary>The wrapper file of a service.</summary>
public sealed class WrapperVerbs
{
    private readonly AgentConnection _agent;
    private readonly ServiceVerbs _services;

    internal WrapperVerbs(AgentConnection agent, ServiceVerbs services)
    {
        _agent = agent;
        _services = services;
    }

    /// <summary>Makes a small shell file in the service's folder, which passes everything on to <c>servicectl</c>.</summary>
    /// <param name="name">The service.</param>
    /// <param name="force">Overwrite a file that is no wrapper.</param>
    /// <param name="powerShellHome">The folder of the PowerShell that is to be asked for the module when servicectl has gone; null for the
    /// one that is found on the service's host, which another host looks for in any case.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: something else has its name;
    /// <see cref="ErrorCode.System"/>.</exception>
    public async Task<PyServiceWrapper> WriteAsync(string name, bool force, string? powerShellHome, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
        {
            var reply = await HostCommand.AskAsync(host, ["ruffles", "--json", .. HostCommand.Flag("--force", force), "--", name],
                AgentJson.Default.IReadOnlyListPyServiceWrapper, cancellation);
            return reply.Whole[0];
        }

        return LocalHost.HasServices ? await WriteHereAsync(name, force, powerShellHome, cancellation) : throw LocalHost.Unsupported();
    }

    [SupportedOSPlatform("linux")]
    private async Task<PyServiceWrapper> WriteHereAsync(string name, bool force, string? powerShellHome, CancellationToken cancellation)
    {
        var definition = await _services.ReadDefinitionAsync(name, cancellation);
        var path = Path.Combine(definition.Folder, definition.WrapperName);
        var program = LastingPath.Of(_agent.Executable);
        WrapperScript.Write(path, WrapperScript.Text(definition.Folder, program, PowerShellCommand.Find(powerShellHome)), force);
        return new PyServiceWrapper { Service = definition.Name, Path = path, Program = program };
    }
}
