using System.Diagnostics;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>The secrets of a stage, got from where they are kept. They are never shown, and in no list of processes.</summary>
internal static class SecretValues
{
    private const int Longest = 64 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="settings">Which they are.</param>
    /// <param name="user">Who runs the commands, where root does not itself; null: this process's user.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">One can't be had.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        DeploySettings settings, string? user, CancellationToken cancellation)
    {
        Dictionary<string, string> values = [];
        foreach (var secret in settings.Secrets)
        {
            var value = (secret switch
            {
                { File: { } file } => ReadFile(secret.Name, file, user),
                { Variable: { } variable } => Environment.GetEnvironmentVariable(variable) ?? throw Missing(secret.Name,
                    $"the variable {variable} is not set", "Set it for this command."),
                _ => await ReadCommandAsync(secret, settings.Folder, user, cancellation),
            }).TrimEnd('\r', '\n');
            values[secret.Name] = value.Length > 0 ? value
                : throw Missing(secret.Name, "it is empty", "See where it comes from.");
        }

        return values;
    }

    private static string ReadFile(string name, string file, string? user)
    {
        try
        {
            return Encoding.UTF8.GetString(UserFiles.ReadAll(user, file, Longest));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Missing(name, error.Message, "Correct its `file`.");
        }
    }

    private static async Task<string> ReadCommandAsync(SecretSetting secret, string folder, string? user, CancellationToken cancellation)
    {
        // Not as other programs are run: of those the lines are shown.
        var start = ToolRun.StartOf(secret.Command[0], [.. secret.Command.Skip(1)], folder, user);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Limit);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var text = process.StandardOutput.ReadToEndAsync(limited.Token);
            var words = process.StandardError.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            return process.ExitCode == 0 ? await text : throw Missing(secret.Name,
                $"{secret.Command[0]} ended with {process.ExitCode}: {(await words).Trim().Split('\n')[^1]}", "Correct its `command`.");
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Kill(process);
            cancellation.ThrowIfCancellationRequested();
            throw Missing(secret.Name, $"{secret.Command[0]} did not end within {Limit.TotalSeconds:0} s",
                "Does it ask for a password? Nobody can answer.");
        }
    }

    private static ServiceCtlException Missing(string name, string reason, string advice) =>
        new(ErrorCode.CredentialRequired, name, $"The secret {name} can't be had: {reason}.", advice);
}
