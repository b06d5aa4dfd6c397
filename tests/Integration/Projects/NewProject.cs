using System.Diagnostics;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Projects;

/// <summary>A project that was made of the product's templates, in a folder of its own.</summary>
internal sealed record NewProject(PyServiceProject Made)
{
    /// <summary>Debian's Python, which has what projects need; another one may be the first on PATH.</summary>
    public const string Python = "/usr/bin/python3";

    public const string SystemPath = "/usr/sbin:/usr/bin:/sbin:/bin";

    public string Folder => Made.Path;

    public static async Task<NewProject> MakeAsync(string folder, ProjectFramework framework, ProjectLayout? layout = null,
        ProjectDatabase database = ProjectDatabase.None, string[]? parts = null, int? port = null) =>
        new(await ProjectVerbs.CreateAsync(new ProjectRequest
        {
            Name = "stock-room",
            Path = folder,
            Framework = framework,
            Layout = layout,
            Database = database,
            Parts = parts ?? [],
            Port = port,
        }, CancellationToken.None));

    /// <summary>Runs a module of Python's in its folder.</summary>
    public Task<CommandResult> RunAsync(params string[] module) => RunAsync(Folder, ["-m", .. module]);

    public static async Task<CommandResult> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = SystemPath;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        // As it lies here; a virtualenv gets it as a wheel.
        start.Environment["PYTHONPATH"] = Path.Combine(Repository.Root, "python", "cordio");
        using var process = Process.Start(start)!;
        return await CommandResult.OfAsync(process);
    }
}
