using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// The environment a service gets: a few general variables of the agent, the virtualenv's, and the definition's own, in this order.
/// Nothing else: what happened to be set in the session that started the agent is nobody's configuration (<see cref="InheritedSession"/>).
/// </summary>
public static class ServiceEnvironment
{
    private static readonly string[] General = ["HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR"];

    public static IReadOnlyDictionary<string, string> Of(ServiceDefinition definition)
    {
        var environment = new Dictionary<string, string>();
        foreach (var name in General)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        environment["PATH"] = OtherUserOf(definition) is { } other ? UserPath.Of(other)
            : Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : InheritedSession.StandardPath;
        if (definition.VirtualEnvironment is { } virtualEnvironment)
        {
            environment["VIRTUAL_ENV"] = virtualEnvironment;
            environment["PATH"] = $"{Path.Combine(virtualEnvironment, "bin")}:{environment["PATH"]}";
        }

        foreach (var (name, value) in definition.Environment)
            environment[name] = value;
        if (definition.Remote is { } remote)
            environment[RemoteRule.Variable] = remote.File;
        return environment;
    }

    /// <summary>Null where it runs as whoever this process runs as.</summary>
    private static LoginUser? OtherUserOf(ServiceDefinition definition) =>
        definition.User is { } name && LoginUser.Find(name) is { } user && user.UserId != PeerCredentials.OwnUid ? user : null;

    /// <summary>
    /// The same for a Python program that is run for what it prints: nothing is held back in a buffer. A service prints line by line
    /// (<see cref="LineBuffering"/>).
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfPython(ServiceDefinition definition)
    {
        var environment = new Dictionary<string, string>(Of(definition));
        environment.TryAdd("PYTHONUNBUFFERED", "1");
        return environment;
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.EnvironmentMissing"/>.</exception>
    public static void RequireVirtualEnvironment(ServiceDefinition definition)
    {
        if (definition.VirtualEnvironment is { } folder && !File.Exists(Path.Combine(folder, "bin", "python")))
        {
            throw new ServiceCtlException(
                ErrorCode.EnvironmentMissing, definition.Name,
                Directory.Exists(folder) ? $"{folder} is no virtualenv: it has no bin/python." : $"The virtualenv {folder} does not exist.",
                $"Make it with 'servicectl env {definition.Name}', or correct env_directory in {definition.ConfigPath}.");
        }
    }

    /// <summary>The program that this environment finds under a name; null when it finds none.</summary>
    public static string? FindProgram(IReadOnlyDictionary<string, string> environment, string name) =>
        environment["PATH"].Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(IsExecutable);

    /// <summary>
    /// The program that a command names: by a path, relative to the service's folder, or by a name that is looked for in PATH.
    /// </summary>
    /// <param name="definition">The service's.</param>
    /// <param name="environment">Has the PATH.</param>
    /// <param name="word">The name or path.</param>
    /// <param name="key">Where it is written.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>.</exception>
    public static string RequireProgram(
        ServiceDefinition definition, IReadOnlyDictionary<string, string> environment, string word, string key = "service.command")
    {
        if (!word.Contains('/'))
        {
            return FindProgram(environment, word) ?? throw new ServiceCtlException(
                ErrorCode.RunnerMissing, definition.Name, $"There is no program '{word}' in {environment["PATH"]}.",
                $"Install it, or write its path in {key} of {definition.ConfigPath}; './{word}' is one of the service's folder.");
        }

        var path = Path.GetFullPath(word, definition.Folder);
        if (!File.Exists(path))
        {
            throw new ServiceCtlException(
                ErrorCode.RunnerMissing, definition.Name, $"The program {path} does not exist.",
                $"Correct {key} of {definition.ConfigPath}.");
        }

        return IsExecutable(path) ? path : throw new ServiceCtlException(
            ErrorCode.RunnerMissing, definition.Name, $"{path} is not executable.",
            $"Make it so ('chmod +x {path}'), or name its interpreter first.");
    }

    private static bool IsExecutable(string file) =>
        File.Exists(file)
            && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
