using System.Diagnostics;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>What a program that was run to its end said.</summary>
public sealed record CommandResult(int Code, string Output, string Error)
{
    /// <summary>Waits, as long as patience lasts, until a program ends whose output and errors are redirected.</summary>
    public static async Task<CommandResult> OfAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = Patience.Begin();
        await process.WaitForExitAsync(limit.Token);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a program to its end, as whoever runs the tests.</summary>
    public static async Task<CommandResult> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return await OfAsync(process);
    }

    public override string ToString() => $"exit code {Code}\n{Output}\n{Error}";
}
