using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// Where a user's agent keeps its things. <c>SERVICECTL_HOME</c> moves all of them, so that several agents can live side by side.
/// </summary>
public sealed class AgentPaths
{
    private readonly string? _logs;

    private const string HostSettings = "/etc/servicectl";

    private AgentPaths(string home, string state, string settings, bool chosen, string? logs = null)
    {
        _logs = logs;
        Settings = settings;
        Home = home;
        State = state;
        IsChosen = chosen;
    }

    /// <summary>Lives as long as the machine is up: sockets, locks, generated files.</summary>
    public string Home { get; }

    /// <summary>Was <see cref="Home"/> chosen by SERVICECTL_HOME, which the agent has to be told then?</summary>
    public bool IsChosen { get; }

    /// <summary>Outlives a reboot: the catalog, logs.</summary>
    public string State { get; }

    /// <summary>What its user writes for it; need not be there.</summary>
    public string Settings { get; }

    /// <summary>What is done about the failures of all services.</summary>
    public string HostRules => Path.Combine(Settings, HostRuleReader.FileName);

    /// <summary>The last of them that were right.</summary>
    public string KeptHostRules => Path.Combine(State, HostRuleReader.FileName);

    public string Socket => Path.Combine(Home, "agent.sock");

    /// <summary>The same for clients on other hosts, in HTTP/2: without TLS, nobody can tell the two apart on one socket.</summary>
    public string DialSocket => Path.Combine(Home, "dial.sock");

    /// <summary>Held by the agent while it lives.</summary>
    public string AgentLock => Path.Combine(Home, "agent.lock");

    /// <summary>Held by the client that is starting an agent.</summary>
    public string LaunchLock => Path.Combine(Home, "launch.lock");

    public string AgentLog => Path.Combine(State, "agent.log");

    /// <summary>What has happened, a line of JSON for each event.</summary>
    public string Events => Path.Combine(State, "events.jsonl");

    /// <summary>What the process that sends alerts keeps; it writes nowhere else.</summary>
    public string Alerts => Path.Combine(State, "alerts");

    public string Catalog => Path.Combine(State, "catalog.json");

    /// <summary>Run-time files of one service: stats socket, generated configuration, …</summary>
    public string ServiceRun(string service) => Path.Combine(Runs, service);

    private string Runs => Path.Combine(Home, "run");

    /// <summary>What was pushed to one service.</summary>
    public string ServiceRemote(string service) => Path.Combine(State, "remote", $"{service}.json");

    /// <summary>Which release of one service serves.</summary>
    public string ServiceRelease(string service) => Path.Combine(State, "releases", $"{service}.json");

    /// <summary>Where the output of one service is kept.</summary>
    public string ServiceLogs(string service) => Path.Combine(State, "logs", service);

    /// <summary>The file that takes the output of one service; rotated ones are beside it.</summary>
    public string ServiceOutput(string service) => Path.Combine(_logs ?? ServiceLogs(service), "output.log");

    /// <summary>The same of what its canaries print.</summary>
    public string ServiceCanaryOutput(string service) => Path.Combine(_logs ?? ServiceLogs(service), "canary.log");

    /// <summary>What became of the schedules of one service.</summary>
    public string ServiceSchedules(string service) => Path.Combine(State, "schedules", $"{service}.json");

    /// <summary>The file that takes the output of one of its schedules.</summary>
    public string ServiceSchedule(string service, string schedule) =>
        Path.Combine(_logs ?? ServiceLogs(service), "schedule", $"{schedule}.log");

    /// <summary>The file that takes the output of the programs that its rules for failures run.</summary>
    public string ServiceHooks(string service) => Path.Combine(_logs ?? ServiceLogs(service), "hooks.log");

    /// <summary>The file that takes failures of one service whose rules say so.</summary>
    public string ServiceFailures(string service) => Path.Combine(_logs ?? ServiceLogs(service), "failures.log");

    /// <summary>Those of these programs that run or wait.</summary>
    public string ServiceHookQueue(string service) => Path.Combine(State, "hooks", $"{service}.json");

    public static AgentPaths ForCurrentUser() => For(Environment.GetEnvironmentVariable, Environment.UserName);

    /// <summary>
    /// Of a service that runs in the foreground: a home apart from the agent's, which would take it for its own. SERVICECTL_HOME names it,
    /// as its unit does.
    /// </summary>
    /// <param name="service">Full path of its folder or configuration.</param>
    public static AgentPaths ForForeground(string service)
    {
        // The output is kept where systemd keeps logs, if it has made a folder for them.
        var logs = Environment.GetEnvironmentVariable("LOGS_DIRECTORY") is { Length: > 0 } folder ? folder : null;
        var own = ForCurrentUser();
        if (own.IsChosen)
        {
            // One that its unit has given it, most likely, where nobody writes settings.
            var settings = File.Exists(own.HostRules) ? own.Settings : HostSettings;
            return new AgentPaths(own.Home, own.State, settings, own.IsChosen, logs);
        }

        var home = Path.Combine(own.Home, "foreground", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(service)))[..16]);
        return new AgentPaths(home, Path.Combine(home, "state"), own.Settings, chosen: true, logs);
    }

    internal static AgentPaths For(Func<string, string?> variable, string user)
    {
        string? Directory(string name) => variable(name) is { Length: > 0 } value && Path.IsPathRooted(value) ? value : null;

        if (variable("SERVICECTL_HOME") is { Length: > 0 } chosen)
        {
            var home = Path.GetFullPath(chosen);
            return new AgentPaths(home, Path.Combine(home, "state"), home, chosen: true);
        }

        if (user == "root")
            return new AgentPaths("/run/servicectl", "/var/lib/servicectl", HostSettings, chosen: false);

        var runtime = Directory("XDG_RUNTIME_DIR") is { } xdg ? Path.Combine(xdg, "servicectl") : $"/tmp/servicectl-{user}";
        var state = Directory("XDG_STATE_HOME") ?? Path.Combine(Directory("HOME") ?? runtime, ".local", "state");
        var settings = Directory("XDG_CONFIG_HOME") ?? Path.Combine(Directory("HOME") ?? runtime, ".config");
        return new AgentPaths(runtime, Path.Combine(state, "servicectl"), Path.Combine(settings, "servicectl"), chosen: false);
    }

    /// <summary>Makes the folder of one service's run-time files.</summary>
    public void EnsureServiceRun(string service)
    {
        var folder = ServiceRun(service);
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(Runs, FileModes.PrivateFolder);
        Directory.CreateDirectory(folder, FileModes.PrivateFolder);
    }

    /// <summary>Makes the folders, which only the owner may look into, and refuses a home that somebody else could have prepared.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>: the folder can't be made, or isn't private.</exception>
    public void Ensure()
    {
        foreach (var folder in new[] { Home, State, Runs })
        {
            RequireTrusted(folder);
            try
            {
                Directory.CreateDirectory(folder, FileModes.PrivateFolder);
                // Only the owner may do this: it both closes a folder that was left open and proves that it is ours.
                File.SetUnixFileMode(folder, FileModes.PrivateFolder | Passage(folder));
            }
            catch (Exception error) when (error is UnauthorizedAccessException or IOException)
            {
                throw new ServiceCtlException(
                    ErrorCode.AccessDenied, folder, $"The agent's folder {folder} can't be made private: {error.Message}",
                    "Remove it, or set SERVICECTL_HOME to a folder of your own.", error);
            }
        }
    }

    /// <summary>Root follows nobody's links: the socket, the locks and the catalog decide what runs as root.</summary>
    private static void RequireTrusted(string folder)
    {
        if (Environment.IsPrivilegedProcess && !PlaceTrust.CanBeTrusted(folder))
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, folder, $"Root's agent can't live in {folder}: others than root can change it, or the way to it.",
                "Set SERVICECTL_HOME to a folder that root alone can change, as every folder above it, or unset it.");
        }
    }

    /// <summary>What root's agent may have given for services that run as other users, and that find their folders in its home.</summary>
    private UnixFileMode Passage(string folder) =>
        folder != State && Environment.IsPrivilegedProcess ? File.GetUnixFileMode(folder) & FileOwner.Passage : UnixFileMode.None;
}
