using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>Flask and other WSGI services under gunicorn, in the foreground.</summary>
public sealed class GunicornRunner : IRunner
{
    private readonly PythonInterpreter _python;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public GunicornRunner(ExitWatcher watcher, TimeProvider time)
    {
        _python = new PythonInterpreter(watcher, time);
        _watcher = watcher;
        _time = time;
    }

    public string Name => GunicornOptions.Package;

    public static SocketPlan PlanSocket(ServiceDefinition definition) => SocketPlans.Of(
        definition, GunicornBinds.AddressesOf(definition), SocketMode.Pass, () => GunicornSocketFile.Of(definition),
        GunicornBinds.IsTls(definition));

    public async Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        var arguments = new GunicornOptions(request).Launching();
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        var environment = ServiceEnvironment.Of(definition);
        var server = await _python.FindServerAsync(definition, environment, GunicornOptions.Package, "gunicorn", cancellation);
        return GunicornLaunch.Open(request, server, arguments, environment, CheckOf(request), _watcher, _time);
    }

    public ILaunch Recognise(LaunchRequest request) => GunicornLaunch.Recognise(request, CheckOf(request), _watcher, _time);

    private GunicornCodeCheck CheckOf(LaunchRequest request) => new(request, _python, _watcher, _time);
}
