using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Environments;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>Commands of deploy.yaml, run by a shell one after the other; the first that fails is the last.</summary>
/// <param name="Folder">Where they run.</param>
/// <param name="Variables">What they get beside their user's environment.</param>
/// <param name="User">Who runs them, where root does not itself; null: this process's user.</param>
/// <param name="Mask">Knows the secrets.</param>
internal sealed record ServiceHooks(string Folder, IReadOnlyDictionary<string, string> Variables, string? User, SecretMask Mask)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.HookFailed"/>, with its lines.</exception>
    public async Task RunAsync(string name, IReadOnlyList<string> commands, Action<string> told, CancellationToken cancellation)
    {
        foreach (var command in commands)
        {
            ToolRun run;
            told($"$ {Mask.MaskText(command)}");
            try
            {
                run = await ToolRun.RunAsync("/bin/sh", ["-c", command], Variables, Folder, User, line => told(Mask.MaskText(line)), Limit,
                    cancellation);
            }
            catch (TimeoutException error)
            {
                throw new ServiceCtlException(ErrorCode.TimedOut, name, $"`{Mask.MaskText(command)}` of {name}: {error.Message}",
                    "Have it end, or run it by itself.", error);
            }

            if (run.Code != 0)
            {
                throw new ServiceCtlException(new ErrorReport
                {
                    Code = ErrorCode.HookFailed,
                    Target = name,
                    Message = $"`{Mask.MaskText(command)}` of {name} ended with {run.Code}.",
                    Advice = "Its own lines say why.",
                    LogLines = [.. run.Lines.TakeLast(30).Select(Mask.MaskText)],
                });
            }
        }
    }
}
