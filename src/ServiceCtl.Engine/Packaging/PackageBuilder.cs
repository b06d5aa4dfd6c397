using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Packaging;

/// <summary>Has wheels and sdists built: by <c>uv build</c> where uv is there, else by <c>python -m build</c>.</summary>
/// <param name="folder">The project's.</param>
/// <param name="python">The Python that builds.</param>
/// <param name="user">As whom, where root has it done for somebody else; null: as this process.</param>
/// <param name="told">Hears each line of the tool.</param>
internal sealed class PackageBuilder(string folder, string python, string? user, Action<string>? told)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30), Asking = TimeSpan.FromSeconds(30);

    /// <summary>What the commit's time is said by, so that the same commit makes the same bytes.</summary>
    public string? Epoch { get; init; }

    /// <summary>
    /// Are the tools of the build installed into a virtualenv of their own first, from a package index? Null: only where they are not here.
    /// </summary>
    public bool? IsIsolated { get; init; }

    /// <param name="kinds">What is built. Of both, the wheel is made of the sdist.</param>
    /// <param name="output">An empty folder.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The files.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.PackageFailed"/>, with the tool's lines;
    /// <see cref="ErrorCode.RunnerMissing"/>.</exception>
    public async Task<IReadOnlyList<string>> BuildAsync(PackageKinds kinds, string output, CancellationToken cancellation)
    {
        string[] which = kinds switch
        {
            PackageKinds.Wheel => ["--wheel"],
            PackageKinds.Sdist => ["--sdist"],
            _ => [],
        };
        var tool = await ToolAsync(output, cancellation);
        ToolRun run;
        if (tool == BuildTool.Uv)
        {
            run = await RunAsync("uv", ["build", .. which, "--python", python, "--out-dir", output,
                .. IsIsolated == false ? (string[])["--no-build-isolation"] : [], folder], output, cancellation);
        }
        else
        {
            string[] arguments = ["-m", "build", .. which, "--outdir", output, folder];
            run = IsIsolated == true ? await RunAsync(python, arguments, output, cancellation)
                : await RunAsync(python, [.. arguments, "--no-isolation"], output, cancellation);
            if (IsIsolated is null && run.Code != 0 && run.Lines.Any(IsAboutTools))
                run = await RunAsync(python, arguments, output, cancellation);
        }

        if (run.Code != 0)
            throw Failed(tool, run);
        return PackageFiles.In(output);
    }

    /// <summary>What would build it.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: neither is there.</exception>
    public async Task<BuildTool> ToolAsync(string place, CancellationToken cancellation)
    {
        if (await ToolRun.IsThereAsync("uv", user, cancellation))
            return BuildTool.Uv;
        // `-m build` would take a folder of that name in the current one for it, so none of the project's is current.
        var run = await ToolRun.RunAsync(python, ["-c", "import build.__main__"], new Dictionary<string, string>(), place, user, null,
            Asking, cancellation);
        return run.Code == 0 ? BuildTool.Build : throw new ServiceCtlException(ErrorCode.RunnerMissing, folder,
            $"Nothing here builds packages: there is no uv, and {python} has no module 'build'.",
            "Install one of them: 'apt install python3-build python3-wheel', 'pip install build', or uv.");
    }

    private async Task<ToolRun> RunAsync(string program, string[] arguments, string place, CancellationToken cancellation)
    {
        Dictionary<string, string> variables = new() { ["PYTHONUNBUFFERED"] = "1" };
        if (Epoch is not null)
            variables["SOURCE_DATE_EPOCH"] = Epoch;
        try
        {
            return await ToolRun.RunAsync(program, arguments, variables, place, user, told, Limit, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(ErrorCode.TimedOut, folder, error.Message, "See what it waits for: a package index?", error);
        }
    }

    /// <summary>What <c>build --no-isolation</c> says where what the project is built with is not installed.</summary>
    private static bool IsAboutTools(string line) => line.Contains("Missing dependencies", StringComparison.Ordinal)
        || (line.Contains("Backend '", StringComparison.Ordinal) && line.Contains("is not available", StringComparison.Ordinal));

    private ServiceCtlException Failed(BuildTool tool, ToolRun run) => new(new ErrorReport
    {
        Code = ErrorCode.PackageFailed,
        Target = folder,
        Message = $"{folder} was not built: {(tool == BuildTool.Uv ? "uv build" : $"{python} -m build")} ended with {run.Code}.",
        Advice = run.Lines.Any(IsAboutTools)
            ? "Install what `build-system.requires` of pyproject.toml names, or let it be fetched from a package index."
            : "Its own lines say why.",
        LogLines = [.. run.Lines.TakeLast(50)],
    });
}
