using System.Buffers;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Relog;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision.Canaries;

/// <summary>
/// Counts in what one generation prints the requests that its server tells of, those answered with a 5xx, and exceptions by kind. A
/// traceback belongs to the process that says so in each line, or to the last one that has begun. Safe to use from several threads.
/// </summary>
internal sealed class GenerationOutput
{
    private const int LongestLine = 16 * 1024;
    private const int MostKinds = 200;
    private const int MostProcesses = 256;

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _begun = new();
    private readonly ExceptionKind _kind;
    private readonly Dictionary<int, Traceback> _open = [];
    private readonly Dictionary<string, long> _exceptions = new(StringComparer.Ordinal);
    private long _requests;
    private long _serverErrors;

    /// <param name="release">Whose it is; null where there are none.</param>
    public GenerationOutput(ReleasePlace? release)
    {
        _kind = new ExceptionKind(release);
    }

    /// <summary>Takes the next bytes, which may begin and end inside a line.</summary>
    public void Take(ReadOnlySpan<byte> block)
    {
        lock (_gate)
        {
            while (!block.IsEmpty)
            {
                var end = block.IndexOf((byte)'\n');
                var part = end < 0 ? block : block[..end];
                _begun.Write(part[..Math.Min(part.Length, Math.Max(0, LongestLine - _begun.WrittenCount))]);
                block = end < 0 ? [] : block[(end + 1)..];
                if (end < 0)
                    continue;
                TakeLine(_begun.WrittenSpan);
                _begun.ResetWrittenCount();
            }
        }
    }

    /// <summary>What has been printed so far. A traceback whose last line has come counts.</summary>
    public (long Requests, long ServerErrors, IReadOnlyList<ExceptionCount> Exceptions) Read()
    {
        lock (_gate)
        {
            var all = new Dictionary<string, long>(_exceptions, StringComparer.Ordinal);
            foreach (var kind in _open.Values.Select(traceback => traceback.Kind).OfType<string>())
                all[kind] = all.GetValueOrDefault(kind) + 1;
            return (_requests, _serverErrors, [.. all.OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => new ExceptionCount { Kind = kind.Key, Count = kind.Value })]);
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (AnsweredRequest.StatusOf(line) is { } status)
        {
            _requests++;
            if (status >= 500)
                _serverErrors++;
        }

        var head = LineClassifier.Classify(line[..Math.Min(line.Length, LineClassifier.Enough)]);
        var process = head.HasOwnPid ? head.Pid : 0;
        var open = _open.GetValueOrDefault(process);
        switch (head.Kind)
        {
            case LineKind.Traceback or LineKind.Group:
                // The exception that follows the sentence between the two is the one that ended it.
                var isMixed = open is { Kind: null };
                if (open is not { IsChained: true })
                    Count(process);
                if (_open.Count == MostProcesses)
                    _open.Clear();
                _open[process] = new Traceback { IsMixed = isMixed };
                break;
            case LineKind.Chain when open is not null:
                open.IsChained = true;
                break;
            case LineKind.Frame when open is { Kind: null }:
                open.Frame = LineClassifier.WithoutEnd(line)[head.Skip..].ToArray();
                break;
            case LineKind.Exception when open is { Kind: null, IsMixed: false }:
                open.Kind = _kind.Of(LineClassifier.WithoutEnd(line)[head.Skip..], open.Frame);
                break;
            case LineKind.GroupLine when open is { Kind: null }:
                TakeOfGroup(open, LineClassifier.WithoutEnd(line));
                break;
            case LineKind.Error or LineKind.Uncaught or LineKind.Record or LineKind.Request or LineKind.Info or LineKind.Undated:
                Count(process);
                break;
        }
    }

    /// <summary>Behind the bar is what would be in a plain traceback.</summary>
    private void TakeOfGroup(Traceback open, ReadOnlySpan<byte> line)
    {
        var bar = line.IndexOf((byte)'|') + 2;
        if (bar < 2 || bar >= line.Length)
            return;
        var text = line[bar..];
        var head = LineClassifier.Classify(text);
        if (head.Kind == LineKind.Frame)
            open.Frame = text.ToArray();
        else if (head.Kind == LineKind.Exception)
            open.Kind = _kind.Of(text, open.Frame);
    }

    /// <summary>What a process has begun is over.</summary>
    private void Count(int process)
    {
        if (!_open.Remove(process, out var ended) || ended.Kind is not { } kind)
            return;
        if (_exceptions.Count < MostKinds || _exceptions.ContainsKey(kind))
            _exceptions[kind] = _exceptions.GetValueOrDefault(kind) + 1;
    }

    private sealed class Traceback
    {
        public byte[] Frame { get; set; } = [];

        public string? Kind { get; set; }

        public bool IsChained { get; set; }

        /// <summary>
        /// Has it begun inside another one? Whose lines are whose nobody can tell then, and a kind that nobody has raised must not be
        /// counted.
        /// </summary>
        public bool IsMixed { get; init; }
    }
}
