using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>Finds the interpreter a service runs with, and the one that has a certain server.</summary>
internal sealed class PythonInterpreter
{
    private const string System = "/usr/bin/python3";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// To ask Python takes a twentieth of a second. Instances of a generation, and a check beside a bridge, ask the same within this time.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (long At, PythonServer Server)> _found = new();

    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public PythonInterpreter(ExitWatcher watcher, TimeProvider time)
    {
        _watcher = watcher;
        _time = time;
    }

    /// <summary>The virtualenv's, and no other; without one, that of the PATH, then the system's, which has what apt installs.</summary>
    public static IEnumerable<string> Candidates(ServiceDefinition definition, IReadOnlyDictionary<string, string> environment)
    {
        if (definition.VirtualEnvironment is { } folder)
            return [Path.Combine(folder, "bin", "python")];
        string?[] found = [ServiceEnvironment.FindProgram(environment, "python3"), File.Exists(System) ? System : null];
        return found.OfType<string>().Distinct();
    }

    /// <summary>
    /// The one that runs the service's code. uWSGI without a virtualenv brings that of its plugin, which is the system's.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>.</exception>
    public static string Of(ServiceDefinition definition, IReadOnlyDictionary<string, string> environment)
    {
        var candidates = Candidates(definition, environment).ToArray();
        if (definition is { Runner: "uwsgi", VirtualEnvironment: null } && candidates.Contains(System))
            return System;
        return candidates.FirstOrDefault() ?? throw new ServiceCtlException(
            ErrorCode.RunnerMissing, definition.Name, $"Python is not installed: no 'python3' in {environment["PATH"]}.",
            "Install it: 'apt install python3'.");
    }

    /// <summary>How a server that is a Python package is run: by an interpreter that has it, or else by its script on the PATH.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>.</exception>
    public async Task<PythonServer> FindServerAsync(
        ServiceDefinition definition, IReadOnlyDictionary<string, string> environment, string package, string aptPackage,
        CancellationToken cancellation)
    {
        var question = string.Join('\n', definition.VirtualEnvironment, environment["PATH"], environment.GetValueOrDefault("PYTHONPATH"),
            definition.User, package);
        if (_found.TryGetValue(question, out var known) && _time.GetElapsedTime(known.At) < Fresh)
            return known.Server;
        var server = await LookForServerAsync(definition, environment, package, aptPackage, cancellation);
        _found[question] = (_time.GetTimestamp(), server);
        return server;
    }

    private async Task<PythonServer> LookForServerAsync(
        ServiceDefinition definition, IReadOnlyDictionary<string, string> environment, string package, string aptPackage,
        CancellationToken cancellation)
    {
        foreach (var interpreter in Candidates(definition, environment))
        {
            if (await TryReadVersionAsync(interpreter, definition, environment, package, cancellation) is { } version)
                return new PythonServer(interpreter, ["-m", package], version);
        }

        if (definition.VirtualEnvironment is { } folder)
        {
            throw new ServiceCtlException(
                ErrorCode.RunnerMissing, definition.Name, $"{package} is not installed in the virtualenv {folder}.",
                $"Install it there: '{folder}/bin/python -m pip install {package}'.");
        }

        return ServiceEnvironment.FindProgram(environment, package) is { } script
            ? new PythonServer(script, [], Version: null)
            : throw new ServiceCtlException(
                ErrorCode.RunnerMissing, definition.Name, $"{package} is not installed: no Python in {environment["PATH"]} has it.",
                $"Install it: 'apt install {aptPackage}', or 'pip install {package}' into a virtualenv that env_directory of "
                    + $"{definition.ConfigPath} names.");
    }

    private async Task<Version?> TryReadVersionAsync(
        string interpreter, ServiceDefinition definition, IReadOnlyDictionary<string, string> environment, string package,
        CancellationToken cancellation)
    {
        try
        {
            var run = await ProgramRun.RunAsync(
                interpreter, ["-c", $"import importlib.metadata as m; print(m.version('{package}'))"], environment, definition, Limit,
                _watcher, _time, cancellation);
            return run.Exit.Code == 0 ? ParseVersion(run.Lines.LastOrDefault()) : null;
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(
                ErrorCode.RunnerMissing, definition.Name,
                $"{interpreter} did not say within {Limit.TotalSeconds:0} s whether it has {package}.",
                "See what it does at its start: a sitecustomize, a file system that does not answer.", error);
        }
    }

    /// <summary>The leading numbers of what may go on as <c>0.30.0.post1</c>; 0.0 for what has none.</summary>
    internal static Version ParseVersion(string? text)
    {
        var numbers = (text ?? "").Split('.').TakeWhile(part => part.Length is > 0 and < 9 && part.All(char.IsAsciiDigit)).Take(3);
        return Version.TryParse(string.Join('.', numbers), out var version) ? version : new Version(0, 0);
    }
}
