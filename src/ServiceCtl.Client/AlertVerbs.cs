using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Client;

/// <summary>Where alerts go.</summary>
public sealed class AlertVerbs
{
    private readonly AgentConnection _agent;

    internal AlertVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>
    /// The destinations of the services that the patterns select, of all for no pattern: what was sent, what waits and the last error.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for a literal name that is not known.</exception>
    public Task<IReadOnlyList<PyServiceAlert>> GetAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        _agent.AskAsync(api => api.GetAlertsAsync(patterns, cancellation), cancellation);

    /// <summary>Has a test alert sent to each of them, and gets the answers.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for a literal name that is not known.</exception>
    public async Task<IReadOnlyList<PyServiceAlertTest>> TestAsync(IReadOnlyList<string> patterns, CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        return await api.TestAlertsAsync(patterns, cancellation);
    }

    /// <summary>Is the process that sends alerts: sends what waits, and ends when nothing does, or when the agent has.</summary>
    [SupportedOSPlatform("linux")]
    public async Task SendAsync(Action<string> report, CancellationToken cancellation)
    {
        var agent = Parent();
        await new AlertSender(_agent.Paths, TimeProvider.System, () => Parent() == agent, report).RunAsync(cancellation);
    }

    /// <summary>Is the process that tries alerts for the agent, and writes what came of it to a descriptor.</summary>
    [SupportedOSPlatform("linux")]
    public async Task TryAsync(IReadOnlyList<string> services, int descriptor, CancellationToken cancellation)
    {
        await using var output = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);
        var routes = AlertRoutes.Read(_agent.Paths.Alerts) ?? new AlertRoutes();
        var tests = await AlertTrial.RunAsync(routes, services, TimeProvider.System, cancellation);
        await JsonSerializer.SerializeAsync(output, tests, AlertJson.Default.IReadOnlyListPyServiceAlertTest, cancellation);
    }

    [SupportedOSPlatform("linux")]
    private static int? Parent() => ProcFs.TryRead(Environment.ProcessId)?.ParentPid;
}
