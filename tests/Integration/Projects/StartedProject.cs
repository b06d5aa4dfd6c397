using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Projects;

/// <summary>What people do with a new project, in its folder: env, start, tests, and a restart under load, hot where it can be.</summary>
internal static class StartedProject
{
    public static async Task ProveAsync(ProjectFramework framework, ProjectLayout layout, ProjectDatabase database)
    {
        Assert.SkipWhen(database == ProjectDatabase.Postgres,
            "There is no PostgreSQL on this machine; the adapter's own tests have a stand-in.");
        await using var home = new Home();
        using var redis = database == ProjectDatabase.Redis ? Redis.Start(home) : null;
        var port = LocalService.FreePort();
        var hasPort = framework is ProjectFramework.FastApi or ProjectFramework.Flask or ProjectFramework.Wsgi;
        var project = await NewProject.MakeAsync(
            Path.Combine(home.Folder("projects"), "stock-room"), framework, layout, database, port: hasPort ? port : null);
        if (redis is not null)
            await File.AppendAllTextAsync(Path.Combine(project.Folder, ".env"), $"SERVICECTL__DATABASE_URL={redis.Url}\n");

        await MustAsync(home, project, "env");
        await MustAsync(home, project, "start");
        await MustAsync(home, project, "tests");

        if (!hasPort)
            return;
        await using var load = new Load(port, clients: 2);
        await load.ReachAsync(20);
        // Of these servers uWSGI alone loads code again; the others are replaced, which loses nothing either.
        await MustAsync(home, project, framework == ProjectFramework.Flask ? "hot_restart" : "restart");
        await load.ReachAsync(load.Succeeded + 20);
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    private static async Task MustAsync(Home home, NewProject project, string verb)
    {
        // With Debian's Python: another one, first on PATH, has not what projects need.
        using var process = home.Start(project.Folder, new Dictionary<string, string> { ["PATH"] = NewProject.SystemPath }, verb);
        process.StandardInput.Close();
        var result = await CommandResult.OfAsync(process);
        Assert.True(result.Code == 0, $"{verb}: {result}");
    }

    /// <summary>A real Redis, on a port of its own.</summary>
    internal sealed class Redis : IDisposable
    {
        private readonly Process _server;

        private Redis(Process server, string url)
        {
            (_server, Url) = (server, url);
        }

        public string Url { get; }

        public static Redis Start(Home home)
        {
            var program = Path.Combine(Repository.Root, "output", "tools", "bin", "redis-server");
            program = File.Exists(program) ? program : "/usr/bin/redis-server";
            Assert.SkipUnless(File.Exists(program), "There is no redis-server on this machine.");
            var port = LocalService.FreePort();
            return new Redis(Process.Start(new ProcessStartInfo(program,
                ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", home.Folder("redis")])
            { RedirectStandardOutput = true })!, $"redis://127.0.0.1:{port}/0");
        }

        public void Dispose()
        {
            _server.Kill();
            _server.WaitForExit();
            _server.Dispose();
        }
    }
}
