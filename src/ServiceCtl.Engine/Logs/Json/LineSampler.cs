namespace ServiceCtl.Engine.Logs.Json;

/// <summary>
/// Thins out a flood of equal lines, as zap's sampler does: within a second the first so many are kept, and then each so many-th.
/// https://pkg.go.dev/go.uber.org/zap/zapcore#NewSamplerWithOptions
/// </summary>
internal sealed class LineSampler
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly int _first;
    private readonly int _thereafter;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _begin;
    private long _dropped;

    /// <param name="first">So many equal lines a second are kept.</param>
    /// <param name="thereafter">Of those beyond, each so many-th.</param>
    /// <param name="time">Measures the second.</param>
    public LineSampler(int first, int thereafter, TimeProvider time)
    {
        _first = first;
        _thereafter = thereafter;
        _time = time;
        _begin = time.GetTimestamp();
    }

    /// <param name="line">What is to be written.</param>
    /// <param name="dropped">How many lines, of whatever text, were dropped since the last one that was kept.</param>
    /// <returns>Whether it is.</returns>
    public bool Keeps(string line, out long dropped)
    {
        if (_time.GetElapsedTime(_begin) >= Tick)
        {
            _counts.Clear();
            _begin = _time.GetTimestamp();
        }

        var count = _counts[line] = _counts.GetValueOrDefault(line) + 1;
        var isKept = count <= _first || (count - _first) % _thereafter == 0;
        dropped = isKept ? _dropped : 0;
        _dropped = isKept ? 0 : _dropped + 1;
        return isKept;
    }
}
