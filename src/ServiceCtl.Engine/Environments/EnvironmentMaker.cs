using System.Diagnostics;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Environments;

/// <summary>
/// Makes virtualenvs. A virtualenv can't be moved, so each is made under a name of its own beside the old one, where it stays, and the
/// configured name is a link that is pointed at it when it is whole. What was there before is kept until the next one, for processes that
/// still run in it.
/// </summary>
internal sealed class EnvironmentMaker(EnvironmentPlan plan, TimeProvider time)
{
    private static readonly TimeSpan Asking = TimeSpan.FromSeconds(30);

    private readonly EnvironmentFolders _folders = new(plan);
    private readonly Dictionary<string, string> _cache = [];

    /// <param name="force">Make it again, even of the same things.</param>
    /// <param name="progress">Hears each line that pip or uv prints.</param>
    /// <param name="cancellation">Stops; the old one stays.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.EnvironmentFailed"/> with the tool's own lines;
    /// <see cref="ErrorCode.RunnerMissing"/>; <see cref="ErrorCode.System"/>.</exception>
    internal async Task<PyServiceEnvironment> MakeAsync(bool force, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            string version = await ReadVersionAsync(cancellation);
            string fingerprint = plan.Fingerprint(version);
            bool existed = _folders.IsThere;
            bool isSame = !force && existed && _folders.IsMadeOf(fingerprint);
            if (!isSame)
                await ReplaceAsync(fingerprint, progress, cancellation);
            return new PyServiceEnvironment
            {
                Service = plan.Service,
                Path = plan.Path,
                Folder = _folders.Current,
                Change = isSame ? EnvironmentChange.None : existed ? EnvironmentChange.Replaced : EnvironmentChange.Created,
                Tool = plan.Tool,
                Python = version,
                Requirements = plan.Requirements,
                Packages = _folders.Packages(),
                Duration = Stopwatch.GetElapsedTime(began),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                ErrorCode.System, plan.Service, $"The virtualenv {plan.Path} can't be made: {error.Message}",
                plan.User is null ? $"Look at the permissions of {_folders.Parent}, and at the space on the disk."
                    : $"It is made by {plan.User}, who has to be able to write to {_folders.Parent} (chown {plan.User}), or that folder "
                        + "has to be root's alone.", error);
        }
    }

    private async Task ReplaceAsync(string fingerprint, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        _folders.RequireReplaceable();
        string folder = _folders.Make(time.GetUtcNow());
        try
        {
            await BuildAsync(folder, progress, cancellation);
            _folders.Stamp(folder, fingerprint);
        }
        catch
        {
            _folders.Delete(folder);
            throw;
        }

        foreach (string failure in _folders.DeleteOthers(folder, before: _folders.PutInPlace(folder)))
            progress?.Report(new OperationProgress(plan.Service, failure));
    }

    /// <summary>
    /// What is installed, and the wheel of cordio where that is wanted: named as a file, it is not looked for in an index.
    /// </summary>
    private async Task InstallAsync(
        string program, string[] arguments, string[] wanted, string folder, IProgress<OperationProgress>? progress,
        CancellationToken cancellation)
    {
        string? wheel = plan.NeedsCordio ? _folders.PutWheel(folder, CordioWheel.FileName, CordioWheel.Make()) : null;
        await RunAsync(program, [.. arguments, .. Sources, .. Hashes, .. wanted, .. wheel is null ? (string[])[] : [wheel]], folder,
            progress, cancellation);
        if (wheel is not null)
            _folders.TakeWheel(folder, wheel);
    }

    private async Task BuildAsync(string folder, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        PackageCache.Use(plan, _cache, line => progress?.Report(new OperationProgress(plan.Service, line)));
        string python = Path.Combine(folder, "bin", "python");
        string[] system = plan.Rule.SystemPackages ? ["--system-site-packages"] : [];
        if (plan.IsLock)
        {
            string project = Path.GetDirectoryName(plan.Requirements)!;
            await RunAsync("uv", ["venv", "--python", plan.Rule.Python, .. system, folder], folder, progress, cancellation);
            string[] own = plan.Wheel is null ? [] : ["--no-install-project"];
            await RunAsync("uv", ["sync", "--frozen", "--no-dev", "--project", project, .. own, .. Sources], folder, progress,
                cancellation);
            await AddWheelAsync(["uv", "pip", "install", "--python", python], folder, progress, cancellation);
        }
        else if (plan.Tool == EnvironmentTool.Uv)
        {
            await RunAsync("uv", ["venv", "--python", plan.Rule.Python, .. system, folder], folder, progress, cancellation);
            if (Wanted is { } wanted)
                await InstallAsync("uv", ["pip", "install", "--python", python], wanted, folder, progress, cancellation);
            if (plan.Rule.Hashes)
                await AddWheelAsync(["uv", "pip", "install", "--python", python], folder, progress, cancellation);
        }
        else
        {
            await RunAsync(plan.Rule.Python, ["-m", "venv", .. system, folder], folder, progress, cancellation);
            string[] install = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check"];
            if (await BeyondSystemAsync(Wanted, python, folder, progress, cancellation) is { } wanted)
                await InstallAsync(python, install, wanted, folder, progress, cancellation);
            if (plan.Rule.Hashes)
                await AddWheelAsync([python, .. install], folder, progress, cancellation);
        }
    }

    /// <summary>
    /// Where all that is fetched has to fit hashes, or a lock, the wheel comes afterwards: it was not fetched, and what it needs has to be
    /// among the rest.
    /// </summary>
    private Task AddWheelAsync(string[] install, string folder, IProgress<OperationProgress>? progress, CancellationToken cancellation) =>
        plan.Wheel is { } wheel
            ? RunAsync(install[0], [.. install[1..], "--no-deps", "--no-index", wheel], folder, progress, cancellation)
            : Task.CompletedTask;

    private string[]? Wanted => (plan.Requirements, plan.Rule.Hashes ? null : plan.Wheel) switch
    {
        (null, null) => null,
        (null, { } wheel) => [wheel],
        // The wheel is the project.
        (_, { } wheel) when plan.IsProject => [wheel],
        ({ } file, _) when plan.IsProject => [Path.GetDirectoryName(file)!],
        ({ } file, null) => ["-r", file],
        ({ } file, { } wheel) => ["-r", file, wheel],
    };

    /// <summary>
    /// Without what the system's packages meet. pip would go on to what those require in turn, and distributions change that without
    /// saying so: Debian's FastAPI asks for another Starlette than Debian has.
    /// </summary>
    private async Task<string[]?> BeyondSystemAsync(
        string[]? wanted, string python, string folder, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        if (wanted is null || !plan.Rule.SystemPackages || plan.Rule.Hashes || plan.IsProject || plan.Requirements is not { } file)
            return wanted;
        string copy = Path.Combine(folder, "requirements.txt");
        using StreamReader program = new(typeof(EnvironmentMaker).Assembly.GetManifestResourceStream("beyond_system.py")!);
        await RunAsync(python, ["-I", "-c", await program.ReadToEndAsync(cancellation), file, copy], folder, progress, cancellation);
        return [.. wanted.Select(word => word == file ? copy : word)];
    }

    private string[] Sources => plan.Rule.Wheels is { } wheels ? ["--no-index", "--find-links", wheels] : [];

    private string[] Hashes => plan.Rule.Hashes ? ["--require-hashes"] : [];

    private async Task RunAsync(
        string program, string[] arguments, string folder, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        Dictionary<string, string> variables = new() { ["UV_PROJECT_ENVIRONMENT"] = folder, ["PYTHONUNBUFFERED"] = "1" };
        // A password in it is not to be seen in the list of processes.
        if (plan.Rule.Index is { } index)
            variables["PIP_INDEX_URL"] = variables["UV_DEFAULT_INDEX"] = index;
        foreach (var (name, value) in _cache)
            variables[name] = value;
        ToolRun run;
        try
        {
            run = await ToolRun.RunAsync(
                program, arguments, variables, plan.Folder, plan.User,
                line => progress?.Report(new OperationProgress(plan.Service, line.Trim())), plan.Rule.Timeout, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(ErrorCode.TimedOut, plan.Service, error.Message,
                "Give it longer with service.venv.timeout, or see whether the package index answers.", error);
        }

        if (run.Code != 0)
        {
            string tool = plan.Tool == EnvironmentTool.Uv ? "uv" : arguments[1];
            throw new ServiceCtlException(new ErrorReport
            {
                Code = ErrorCode.EnvironmentFailed,
                Target = plan.Service,
                Message =
                    $"The virtualenv {plan.Path} was not made: {tool} ended with {run.Code}. "
                        + $"{(Path.Exists(plan.Path) ? "The old one was left as it is." : "Nothing was left behind.")}",
                Advice = tool == "venv"
                    ? "Install Python's venv: 'apt install python3-venv'. 'servicectl host' says what else is missing."
                    : $"Its own lines say why; correct {plan.Requirements}, or where packages come from (service.venv).",
                LogLines = run.Lines,
            });
        }
    }

    /// <summary>The version of the Python that it is made with.</summary>
    internal async Task<string> ReadVersionAsync(CancellationToken cancellation)
    {
        ToolRun run = await ToolRun.RunAsync(
            plan.Rule.Python, ["-c", "import platform; print(platform.python_version())"], new Dictionary<string, string>(), plan.Folder,
            plan.User, null, Asking, cancellation);
        return run is { Code: 0, Lines: [.., var version] } ? version : throw new ServiceCtlException(
            ErrorCode.RunnerMissing, plan.Service, $"{plan.Rule.Python} is no Python that runs: {string.Join(' ', run.Lines.TakeLast(1))}",
            "Correct service.venv.python.");
    }
}
