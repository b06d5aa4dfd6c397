using System.Diagnostics;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>Runs the steps, keeps what came of each, and writes it into the release. Nothing gets into it unmasked.</summary>
internal sealed class DeployLog(ReleaseTree tree, IProgress<PyServiceDeployStep>? progress)
{
    private const int KeptLines = 200;

    private readonly List<PyServiceDeployStep> _steps = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<PyServiceDeployStep> Steps => _steps;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The release that it is about; from then on its own log is written as well.</summary>
    public string? Release { get; set; }

    /// <summary>Knows the secrets of the stage.</summary>
    public SecretMask Mask { get; set; } = SecretMask.Of([]);

    public void Warn(string text) => _warnings.Add(Mask.MaskText(text));

    /// <param name="name">What the step is called.</param>
    /// <param name="work">Says in a sentence what it has done; an empty one for nothing.</param>
    public async Task StepAsync(string name, Func<Action<string>, Task<string>> work)
    {
        var began = Stopwatch.GetTimestamp();
        List<string> lines = [];
        try
        {
            var message = await work(Tell);
            Add(OperationOutcome.Done, message);
        }
        catch (ServiceCtlException error)
        {
            Add(OperationOutcome.Failed, error.Message, error.Report.LogLines);
            throw;
        }

        void Tell(string line)
        {
            lock (lines)
            {
                if (lines.Count < KeptLines)
                    lines.Add(Mask.MaskText(line));
            }
        }

        void Add(OperationOutcome outcome, string message, IReadOnlyList<string>? more = null)
        {
            if (message.Length == 0)
                return;
            lock (lines)
            {
                PyServiceDeployStep step = new()
                {
                    Step = name,
                    Outcome = outcome,
                    Message = Mask.MaskText(message),
                    Lines = [.. lines, .. (more ?? []).Except(lines).Select(Mask.MaskText)],
                    Duration = Stopwatch.GetElapsedTime(began),
                };
                _steps.Add(step);
                Write(step);
                progress?.Report(step);
            }
        }
    }

    private void Write(PyServiceDeployStep step)
    {
        if (Release is not { } id)
            return;
        StringBuilder text = new();
        text.Append($"{DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss zzz} {step.Step}: {step.Message}\n");
        foreach (var line in step.Lines)
            text.Append("  ").Append(line).Append('\n');
        try
        {
            UserFiles.Append(tree.Actor, tree.LogOf(id), Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The release may be gone, or the disk full: the step's own outcome counts.
            _warnings.Add($"{tree.LogOf(id)} can't be written: {error.Message}");
        }
    }
}
