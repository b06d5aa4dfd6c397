using ServiceCtl.Contracts;
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

    public ListenAddress? ListenAddressOf(ServiceDefinition definition) => UwsgiSockets.Of(definition).Address;

    public async Task<ILaunch> PrepareAsync(ServiceDefinition definition, string runFolder, CancellationToken cancellation)
    {
        RequireVirtualEnvironment(definition);
        var environment = ServiceEnvironment.Of(definition);
        var program = ServiceEnvironment.FindProgram(environment, "uwsgi") ?? throw new ServiceCtlException(
            ErrorCode.RunnerMissing, definition.Name, $"uWSGI is not installed: no 'uwsgi' in {environment["PATH"]}.",
            "Install it: 'apt install uwsgi-core uwsgi-plugin-python3', or 'pip install uwsgi' into the service's virtualenv.");

        var file = new UwsgiConfigFile(definition, runFolder, NeedsPlugin(definition, program));
        await file.WriteAsync(cancellation);
        return new UwsgiLaunch(definition, program, environment, file, UwsgiSockets.Of(definition).CreateProbe(definition.Ready), _watcher, _time);
    }

    private static void RequireVirtualEnvironment(ServiceDefinition definition)
    {
        if (definition.VirtualEnvironment is { } folder && !File.Exists(Path.Combine(folder, "bin", "python")))
        {
            throw new ServiceCtlException(
                ErrorCode.EnvironmentMissing, definition.Name,
                Directory.Exists(folder) ? $"{folder} is no virtualenv: it has no bin/python." : $"The virtualenv {folder} does not exist.",
                $"Make it: 'python3 -m venv {folder}' and install the requirements, or correct env_directory in {definition.ConfigPath}.");
        }
    }

    /// <summary>Debian's uWSGI loads Python from a plugin; the one that pip builds has it inside.</summary>
    private static bool NeedsPlugin(ServiceDefinition definition, string program) =>
        !definition.Uwsgi.Has("plugin", "plugins", "need-plugin", "need-plugins")
        && (definition.VirtualEnvironment is null || !program.StartsWith(definition.VirtualEnvironment, StringComparison.Ordinal))
        && File.Exists(DebianPlugin);
}
