using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>Flask and other WSGI services under uWSGI, in the foreground, with a master process.</summary>
public sealed class UwsgiRunner : IRunner
{
    private const string Remedy = "Install the plugin that brings it, or name the address with `http-socket`, which every uWSGI has.";

    private readonly UwsgiBinaries _binaries;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public UwsgiRunner(ExitWatcher watcher, TimeProvider time)
    {
        _binaries = new UwsgiBinaries(watcher, time);
        _watcher = watcher;
        _time = time;
    }

    public string Name => "uwsgi";

    public static SocketPlan PlanSocket(ServiceDefinition definition) => UwsgiSockets.Of(definition).Plan;

    public async Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        var environment = ServiceEnvironment.Of(definition);
        var program = FindProgram(environment) ?? throw new ServiceCtlException(
            ErrorCode.RunnerMissing, definition.Name, $"uWSGI is not installed: no 'uwsgi' in {environment["PATH"]}.",
            "Install it: 'apt install uwsgi-core uwsgi-plugin-python3', or 'pip install uwsgi' into the service's virtualenv.");

        var needs = await FindNeedsAsync(definition, program, cancellation);
        if (needs.Unreachable is [var first, ..])
            throw ConfigurationReader.Invalid(
                [
                    first with { Message =
                        $"{definition.Name} would not listen there: this uWSGI does not know the option `{first.Key![6..]}`.",
                        Advice = Remedy }]);

        var file = new UwsgiConfigFile(request, needs.Plugins);
        await file.WriteAsync(cancellation);
        return new UwsgiLaunch(definition, file, ReadinessGate.Open(request, Probe(definition, file), _time), _watcher, _time)
        {
            FileName = program,
            Environment = environment,
            Warnings = [.. needs.Unknown.Select(problem => problem.ToString())],
        };
    }

    public ILaunch Recognise(LaunchRequest request)
    {
        var environment = ServiceEnvironment.Of(request.Definition);
        var file = new UwsgiConfigFile(request, plugins: []);
        var gate = ReadinessGate.Recognise(request.Definition, Probe(request.Definition, file), _time);
        return new UwsgiLaunch(request.Definition, file, gate, _watcher, _time)
        {
            FileName = FindProgram(environment) ?? "uwsgi",
            Environment = environment
        };
    }

    /// <summary>What uWSGI would pass over in a service's section without a word; nothing where there is no uWSGI to ask.</summary>
    public async Task<IReadOnlyList<ConfigurationProblem>> FindUnknownOptionsAsync(
        ServiceDefinition definition, CancellationToken cancellation) =>
        FindProgram(ServiceEnvironment.Of(definition)) is { } program
            ? (await FindNeedsAsync(definition, program, cancellation)).Unknown : [];

    private async Task<UwsgiNeeds> FindNeedsAsync(ServiceDefinition definition, string program, CancellationToken cancellation) =>
        await _binaries.FindAsync(definition, program, cancellation) is { } binary
            ? await UwsgiNeeds.OfAsync(definition.Uwsgi, binary, cancellation)
            : new UwsgiNeeds([], [], []);

    private static HttpProbe? Probe(ServiceDefinition definition, UwsgiConfigFile file) =>
        Probes.Create(SiteOf(definition, file), definition.Ready.HttpPath, definition.Ready.Probe, ReadinessGate.ProbeTimeout);

    /// <summary>The launch has a socket of its own to be asked on, whatever its address speaks.</summary>
    private static ProbeSite? SiteOf(ServiceDefinition definition, UwsgiConfigFile file) => file.ProbeAddress is { } probe
        ? new ProbeSite(
            UwsgiSockets.Of(definition).Plan.Main ?? probe,
            cancellation => ServiceConnection.OpenAsync(probe, definition.User, cancellation), IsPlain: true)
        : null;

    private static string? FindProgram(IReadOnlyDictionary<string, string> environment) =>
        ServiceEnvironment.FindProgram(environment, "uwsgi");
}
