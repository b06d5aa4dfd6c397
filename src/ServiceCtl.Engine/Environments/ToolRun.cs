using System.Diagnostics;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Environments;

/// <summary>A program that was run to its end, by whoever asks for it: what it prints is reported while it comes.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Lines">The last lines of both its outputs, secrets of URLs masked.</param>
internal sealed record ToolRun(int Code, IReadOnlyList<string> Lines)
{
    private const int KeptLines = 100;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    /// <summary>Variables of an environment that is active where this runs; they would decide about the new one.</summary>
    private static readonly string[] Misleading = ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"];

    /// <exception cref="TimeoutException">It did not end in time, and was ended with all it has started.</exception>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: there is no such program.</exception>
    internal static async Task<ToolRun> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables, string folder, string? user,
        Action<string>? told, TimeSpan limit, CancellationToken cancellation)
    {
        ProcessStartInfo start = StartOf(program, arguments, folder, user);
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        PackageCache.Allow(variables, start.Environment);

        Queue<string> lines = [];
        void Take(string? line)
        {
            if (line is null)
                return;
            line = SecretPattern.MaskUrls(line);
            lock (lines)
            {
                lines.Enqueue(line);
                if (lines.Count > KeptLines)
                    lines.Dequeue();
            }

            told?.Invoke(line);
        }

        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, data) => Take(data.Data);
        process.ErrorDataReceived += (_, data) => Take(data.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw Missing(program, error.Message, error);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(limited.Token);
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Kill(process);
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"{program} did not end within {limit.TotalSeconds:0} s, and was ended.");
        }

        lock (lines)
            return new ToolRun(process.ExitCode, [.. lines]);
    }

    /// <summary>Is there such a program, and does it say its version?</summary>
    internal static async Task<bool> IsThereAsync(string program, string? user, CancellationToken cancellation)
    {
        try
        {
            return (await RunAsync(program, ["--version"], new Dictionary<string, string>(), "/", user, null, LongestAnswer, cancellation))
                .Code == 0;
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.RunnerMissing)
        {
            return false;
        }
    }

    /// <summary>How a program is started as whoever asks for it, or as another user.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: there is no such program.</exception>
    internal static ProcessStartInfo StartOf(string program, IReadOnlyList<string> arguments, string folder, string? user)
    {
        ProcessStartInfo start = user is null ? OfOurs(program, arguments) : OfUser(user, program, arguments, folder);
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }

    /// <summary>With the rights and the environment of this process, which is whose virtualenv it makes.</summary>
    private static ProcessStartInfo OfOurs(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(Find(program, Environment.GetEnvironmentVariable("PATH") ?? ""), arguments);
        foreach (string name in Misleading)
            start.Environment.Remove(name);
        return start;
    }

    /// <summary>With another user's rights, and nothing of the session that asks for it: what is installed runs code of its own.</summary>
    private static ProcessStartInfo OfUser(string user, string program, IReadOnlyList<string> arguments, string folder)
    {
        LoginUser other = LoginUser.Get(user, program);
        string path = UserPath.Of(other);
        Dictionary<string, string> environment = new() { ["PATH"] = path, ["LANG"] = "C.UTF-8" };
        // A system user may have no home, and uv wants a place for its cache.
        if (!Directory.Exists(other.HomeFolder))
            environment["UV_NO_CACHE"] = environment["PIP_NO_CACHE_DIR"] = "1";
        return Launcher.AsUser(
            new ProcessSpec { FileName = Find(program, path), Arguments = arguments, Environment = environment, WorkingDirectory = folder },
            program, user).ToStartInfo();
    }

    /// <summary>
    /// By its whole path: Process would look for it beside our own program and in the current folder first, and may find neither.
    /// </summary>
    private static string Find(string program, string path) => program.Contains('/')
        ? program
        : ServiceEnvironment.FindProgram(new Dictionary<string, string> { ["PATH"] = path }, program)
            ?? throw Missing(program, $"there is no such program in {path}", null);

    private static ServiceCtlException Missing(string program, string reason, Exception? inner) =>
        new(ErrorCode.RunnerMissing, program, $"{program} can't be run: {reason}", "Install it, or name another one.", inner);
}
