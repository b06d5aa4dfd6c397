using System.Management.Automation;
using ServiceCtl.Cmdlets.Binding;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>Cmdlets about the agent of this host, or of others.</summary>
public abstract class AgentCommand : EngineCommand, IDynamicParameters
{
    private readonly HostParameters _hosts = new();

    private protected AgentCommand()
    {
    }

    public object GetDynamicParameters() => _hosts;

    /// <summary>Which of them the agents are that the pipeline brings; null for what it brings none to.</summary>
    private protected virtual IReadOnlyList<AgentInfo>? Piped => null;

    /// <summary>Does something about each agent, side by side, where <paramref name="intention"/> is confirmed.</summary>
    /// <param name="intention">What -WhatIf and -Confirm call it; null where nothing is changed.</param>
    /// <param name="work">What to do.</param>
    private protected void OnEach(string? intention, Func<EngineCall, Task> work)
    {
        var hosts = Piped is { Count: > 0 } agents
            ? [.. agents.SelectMany(agent => agent.HostName is { } name ? _hosts.TryFind(name, this) : new PyServiceHost?[] { null })]
            : _hosts.All;
        PyServiceHost?[] chosen = [.. hosts.Where(
            host => intention is null || ShouldProcess(host is null ? "agent" : $"agent on {host.HostName}", intention))];
        if (chosen.Length > 0)
            Run(call => Task.WhenAll(chosen.Select(host => call.TryAtAsync(host, chosen.Length > 1, work))));
    }

    /// <summary>For what is written of one host among others.</summary>
    private protected static string On(EngineCall call) => call.HostName is { } host ? $"{host}: " : "";
}
