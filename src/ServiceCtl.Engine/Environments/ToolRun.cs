using System.Diagnostics;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Masking;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Environments;

/// <summary>A program that was run to its end, by whoever asks for it: what it prints is reported while it comes.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Lines">The last lines of both its outputs, secrets of URLs masked.</param>
internal sealed record ToolRun(int Code, IReadOnlyList<string> Lines)
{
    private const int KeptLines = 100;

    /// <summary>Variables of an environment that is active where this runs; they would decide about the new one.</summary>
    private static readonly string[] Misleading = ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"];

    /// <exception cref="TimeoutException">It did not end in time, and was ended with all it has started.</exception>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: there is no such program.</exception>
    internal static async Task<ToolRun> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, string folder, Action<string>? told, TimeSpan limit, CancellationToken cancellation)
    {
        // By its whole path: Process would look for it beside our own program and in the current folder first, and may find neither.
        ProcessStartInfo start = new(program.Contains('/') ? program : Find(program) ?? throw Missing(program, "there is no such program in PATH", null), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string name in Misleading)
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;

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
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"{program} did not end within {limit.TotalSeconds:0} s, and was ended.");
        }

        lock (lines)
            return new ToolRun(process.ExitCode, [.. lines]);
    }

    private static string? Find(string program) =>
        ServiceEnvironment.FindProgram(new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" }, program);

    private static ServiceCtlException Missing(string program, string reason, Exception? inner) =>
        new(ErrorCode.RunnerMissing, program, $"{program} can't be run: {reason}", "Install it, or name another one.", inner);
}
