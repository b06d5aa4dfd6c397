using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>Flask and other WSGI services under uWSGI, in the foreground, with a master process.</summary>
public sealed class UwsgiRunner : IRunner
{
    private const string DebianPlugin = "/usr/lib/uwsgi/plugins/python3_plugin.so";

    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public UwsgiRunner(ExitWatcher watcher, TimeProvider time)
    {
        _watcher = watcher;
        _time = time;
    }

    public string Name => "uwsgi";

    public SocketPlan PlanSocket(ServiceDefinition definition) => UwsgiSockets.Of(definition).Plan;

    public async Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        var environment = ServiceEnvironment.Of(definition);
        var program = FindProgram(environment) ?? throw new ServiceCtlException(
            ErrorCode.RunnerMissing, definition.Name, $"uWSGI is not installed: no 'uwsgi' in {environment["PATH"]}.",
            "Install it: 'apt install uwsgi-core uwsgi-plugin-python3', or 'pip install uwsgi' into the service's virtualenv.");

        var file = new UwsgiConfigFile(request, NeedsPlugin(definition, program));
        await file.WriteAsync(cancellation);
        return new UwsgiLaunch(definition, program, environment, file, ReadinessGate.Open(request, Probe(definition, file), _time), _watcher, _time);
    }

    public ILaunch Recognise(LaunchRequest request)
    {
        var environment = ServiceEnvironment.Of(request.Definition);
        var file = new UwsgiConfigFile(request, needsPlugin: false);
        var gate = ReadinessGate.Recognise(request.Definition, Probe(request.Definition, file), _time);
        return new UwsgiLaunch(request.Definition, FindProgram(environment) ?? "uwsgi", environment, file, gate, _watcher, _time);
    }

    private static HttpProbe? Probe(ServiceDefinition definition, UwsgiConfigFile file) =>
        Probes.Create(SiteOf(definition, file), definition.Ready.HttpPath, definition.Ready.Probe, ReadinessGate.ProbeTimeout);

    /// <summary>The launch has a socket of its own to be asked on, whatever its address speaks.</summary>
    private static ProbeSite? SiteOf(ServiceDefinition definition, UwsgiConfigFile file) => file.ProbeAddress is { } probe
        ? new ProbeSite(UwsgiSockets.Of(definition).Plan.Main ?? probe, cancellation => ServiceConnection.OpenAsync(probe, cancellation), IsPlain: true)
        : null;

    private static string? FindProgram(IReadOnlyDictionary<string, string> environment) => ServiceEnvironment.FindProgram(environment, "uwsgi");

    /// <summary>Debian's uWSGI loads Python from a plugin; the one that pip builds has it inside.</summary>
    private static bool NeedsPlugin(ServiceDefinition definition, string program) =>
        !definition.Uwsgi.Has("plugin", "plugins", "need-plugin", "need-plugins")
        && (definition.VirtualEnvironment is null || !program.StartsWith(definition.VirtualEnvironment, StringComparison.Ordinal))
        && File.Exists(DebianPlugin);
}
