using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A private home with an agent of its own and room for services. Ends everything and removes itself afterwards.</summary>
public sealed class Home : IAsyncDisposable
{
    /// <summary>The command: the one that build.sh names, or the one that was built with these tests.</summary>
    public static string Executable { get; } = Environment.GetEnvironmentVariable("SERVICECTL_TEST_COMMAND") ?? Path.GetFullPath(
        typeof(Home).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "servicectl").Value!);

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;
    private Func<int, int> _pidHere = pid => pid;

    public Home()
    {
        Paths = AgentPaths.For(name => name == "SERVICECTL_HOME" ? Path.Combine(_folder, "home") : Environment.GetEnvironmentVariable(name),
            Environment.UserName);
        Client = new ServiceCtlClient(Paths, Executable);
    }

    public AgentPaths Paths { get; }

    public ServiceCtlClient Client { get; }

    /// <summary>Where services of this home listen: the address of a host with a network of its own, else this machine's own.</summary>
    public string Ip { get; private set; } = "127.0.0.1";

    /// <summary>From now on the agent is one of a host that numbers its processes by itself.</summary>
    /// <param name="ip">The host's address.</param>
    /// <param name="pidHere">The number that this machine has for a process of the host.</param>
    public void BeApart(string ip, Func<int, int> pidHere) => (Ip, _pidHere) = (ip, pidHere);

    /// <summary>Makes a folder for a service.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    /// <summary>Kills the agent with -9; returns when it is gone.</summary>
    public async Task KillAgentAsync()
    {
        var info = await Client.Agent.FindAsync(CancellationToken.None);
        using var agent = Process.GetProcessById(_pidHere(info!.Pid));
        agent.Kill();
        await agent.WaitForExitAsync();
    }

    /// <summary>Ends the agent as systemd does; returns when it is gone.</summary>
    public async Task TerminateAgentAsync()
    {
        var info = await Client.Agent.FindAsync(CancellationToken.None);
        using var agent = Process.GetProcessById(_pidHere(info!.Pid));
        using var terminate = Process.Start("/bin/kill", [$"{agent.Id}"]);
        await agent.WaitForExitAsync();
    }

    /// <summary>The command once more, in another folder: what a newer version is to an agent that runs.</summary>
    public string CopyOfExecutable()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Executable)!)
            .Where(file => !file.EndsWith(".dbg", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return Path.Combine(folder, Path.GetFileName(Executable));
    }

    /// <summary>Every living process of a service, whatever the agent says: by the mark in its environment.</summary>
    public IReadOnlyList<(int Pid, int Generation)> ProcessesOf(string service) =>
    [
        .. from pid in ProcFs.Pids()
           let mark = ScopeMarker.TryRead(pid)
           where mark is not null && mark.Home == ScopeMarker.HomeOf(Paths.Home) && mark.Service == service
               && ProcessIdentity.Of(pid) is not null
           select (pid, mark.Generation),
    ];

    /// <summary>Waits until all processes of a service are those of one generation, and so many.</summary>
    public Task RunsOnceAsync(string service, int processes) => Condition.HoldsAsync(
        () => ProcessesOf(service) is var all && all.Count == processes && all.Select(process => process.Generation).Distinct()
            .Count() <= 1,
        $"{processes} processes of one generation of {service}");

    /// <summary>What the agent uses, it being a process of its own: memory at its highest in bytes, and descriptors.</summary>
    public async Task<(long PeakMemory, int Descriptors)> AgentFiguresAsync()
    {
        var pid = _pidHere((await Client.Agent.FindAsync(CancellationToken.None))!.Pid);
        var peak = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return (1024 * long.Parse(peak, CultureInfo.InvariantCulture), Directory.GetFiles($"/proc/{pid}/fd").Length);
    }

    /// <summary>Runs <c>servicectl</c> as a user would, in a folder.</summary>
    public async Task<CommandResult> RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        process.StandardInput.Close();
        return await CommandResult.OfAsync(process);
    }

    /// <summary>Starts <c>servicectl</c>, to be waited for or interrupted.</summary>
    public Process Start(string folder, params string[] arguments) => Start(folder, new Dictionary<string, string>(), arguments);

    /// <summary>The same with more variables.</summary>
    public Process Start(string folder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        start.Environment["SERVICECTL_HOME"] = Paths.Home;
        return Process.Start(start)!;
    }

    /// <summary>Starts the agent as a unit does, with variables that no session hands on to its agent; returns when it is there.</summary>
    public async Task<Process> RunAgentAsync(IReadOnlyDictionary<string, string> variables)
    {
        var agent = Start("/", variables, "agent", "run");
        await Condition.HoldsAsync(async () => await Client.Agent.FindAsync(CancellationToken.None) is not null, "the agent is there");
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = Patience.Begin();
        await Client.Agent.StopAsync(RunningServices.Stop, limit.Token);
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
