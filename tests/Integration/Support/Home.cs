using System.Diagnostics;
using System.Reflection;
using ServiceCtl.Engine;
using ServiceCtl.Engine.Agent;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A private home with an agent of its own and room for services. Ends everything and removes itself afterwards.</summary>
public sealed class Home : IAsyncDisposable
{
    public static string Executable { get; } = Path.GetFullPath(
        typeof(Home).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "servicectl").Value!);

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public Home()
    {
        Paths = AgentPaths.For(name => name == "SERVICECTL_HOME" ? Path.Combine(_folder, "home") : Environment.GetEnvironmentVariable(name), Environment.UserName);
        Manager = new ServiceManager(Paths, Executable);
    }

    public AgentPaths Paths { get; }

    public ServiceManager Manager { get; }

    /// <summary>Makes a folder for a service.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    /// <summary>Runs <c>servicectl</c> as a user would, in a folder.</summary>
    public async Task<CommandResult> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["SERVICECTL_HOME"] = Paths.Home;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Manager.StopAgentAsync(force: true, limit.Token);
        Manager.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
