using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Messages;

/// <summary>
/// Keeps what one operation on one service said, each line with its time, and appends it to the file that <c>nohup_out_log</c> names.
/// Written in one piece at the end, so that two operations don't mix their lines. Safe to use from several threads.
/// </summary>
public sealed class OperationJournal
{
    /// <summary>A file system that does not answer must not keep the operation.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly Func<string, string?> AgentEnvironment = Environment.GetEnvironmentVariable;

    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset Time, MessageLine Line)> _lines = [];
    private readonly TimeProvider _time;

    public OperationJournal(TimeProvider time)
    {
        _time = time;
    }

    public void Add(MessageLine line)
    {
        lock (_gate)
            _lines.Add((_time.GetLocalNow(), line));
    }

    /// <param name="rule">The service's.</param>
    /// <param name="user">Whom the service runs as; null: this process's own user.</param>
    /// <returns>Why it could not be written; null when it was, and when no file is wanted.</returns>
    public async Task<string?> SaveAsync(MessageRule rule, FileActor? user)
    {
        if (rule.File is not { } path)
            return null;

        var text = Text(MessageStyle.ForFile(rule.ColorInFile, AgentEnvironment));
        try
        {
            await Task.Run(() => UserFiles.Append(user, path, Encoding.UTF8.GetBytes(text))).WaitAsync(Limit, _time);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TimeoutException or ServiceCtlException)
        {
            return $"What was said could not be written to {path} (nohup_out_log): {error.Message}";
        }
    }

    private string Text(MessageStyle style)
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            foreach (var (time, line) in _lines)
                text.Append(time.ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture)).Append(style.Paint(line)).Append('\n');
        }

        return text.ToString();
    }
}
