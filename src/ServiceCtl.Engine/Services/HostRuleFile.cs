using System.Text;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// A host's rules for failures as they are now. The file is read again only when it has changed; while it is wrong, what it said before
/// holds, also for the next agent. Safe to use from several threads.
/// </summary>
public sealed class HostRuleFile : IDisposable
{
    /// <summary>File times are as coarse as the kernel's clock tick: one written just now may be written again and look the same.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly string _kept;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _reading = new(1);
    private bool _isRead;
    private volatile Known _known = new(null, IsSettled: false, HostRules.None);

    /// <param name="paths">Say where it is, and where the last one that was right is kept.</param>
    /// <param name="time">Tells whether the file is young.</param>
    public HostRuleFile(AgentPaths paths, TimeProvider time)
    {
        (_path, _kept, _time) = (paths.HostRules, paths.KeptHostRules, time);
    }

    /// <summary>As they were read last.</summary>
    public HostRules Current => _known.Rules;

    /// <summary>There are others by now, or another problem.</summary>
    public event Action<HostRules>? Changed;

    /// <summary>Reads the file if it has changed.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellation = default)
    {
        if (_known.StillHolds(_path))
            return;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_known.StillHolds(_path))
                return;
            var began = _time.GetUtcNow();
            var facts = FileFacts.TryOf(_path);
            var next = await HostRuleReader.ReadAsync(_path, _kept, cancellation);
            var before = _known.Rules;
            if (next.Problems.Count > 0 && before.Text is not null)
                next = before with { Problems = next.Problems };
            else if (next.Problems.Count == 0 && (next.Text != before.Text || !_isRead))
                Keep(next.Text);
            _isRead = true;
            var isSame = next.Text == before.Text && next.Problems.SequenceEqual(before.Problems);
            _known = new Known(facts, FileFacts.TryOf(_path) == facts && IsSettled(facts, began), isSame ? before : next);
            if (!isSame)
                Changed?.Invoke(next);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private static bool IsSettled(FileFacts? facts, DateTimeOffset began) =>
        facts is not { } file || (began - file.Written).Duration() > Settled;

    private void Keep(string? text)
    {
        try
        {
            if (text is null)
                File.Delete(_kept);
            else
                AtomicFile.Write(_kept, Encoding.UTF8.GetBytes(text), isDurable: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then they hold as long as this process lives.
        }
    }

    /// <param name="Facts">Of the file; null: there is none.</param>
    /// <param name="IsSettled">Can't it have been written since without looking any different?</param>
    /// <param name="Rules">What it says.</param>
    private sealed record Known(FileFacts? Facts, bool IsSettled, HostRules Rules)
    {
        public bool StillHolds(string path) => IsSettled && FileFacts.TryOf(path) == Facts;
    }
}
