using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Text;

namespace ServiceCtl.Engine.Runners;

/// <summary>Looks for the first line of a process's output that matches. Safe to use from several threads.</summary>
internal sealed class OutputPattern
{
    /// <summary>Bytes of a line that are looked at; a line may have no end at all.</summary>
    private const int LongestLine = 16 * 1024;

    /// <summary>One thread captures all services, so that no pattern may take ages.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Regex _pattern;
    private readonly byte[] _line = new byte[LongestLine];
    private int _length;
    private volatile bool _isMatched;
    private volatile bool _hasOutput;
    private volatile bool _isTooSlow;

    public OutputPattern(string pattern)
    {
        _pattern = ConfiguredPattern.Compile(pattern, MatchLimit);
    }

    public bool IsMatched => _isMatched;

    /// <summary>Has anything been printed?</summary>
    public bool HasOutput => _hasOutput;

    /// <summary>Has it taken too long for a line, so that nobody knows whether that was the one?</summary>
    public bool IsTooSlow => _isTooSlow;

    public void Take(ReadOnlySpan<byte> output)
    {
        _hasOutput |= output.Length > 0;
        lock (_gate)
        {
            while (!_isMatched && output.Length > 0)
            {
                var end = output.IndexOf((byte)'\n');
                Append(end < 0 ? output : output[..end]);
                if (end < 0)
                    return;
                _isMatched = Matches(Encoding.UTF8.GetString(_line, 0, _length).TrimEnd('\r'));
                _length = 0;
                output = output[(end + 1)..];
            }
        }
    }

    private bool Matches(string line)
    {
        try
        {
            return _pattern.IsMatch(line);
        }
        catch (RegexMatchTimeoutException)
        {
            _isTooSlow = true;
            return false;
        }
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        var fitting = part[..Math.Min(part.Length, LongestLine - _length)];
        fitting.CopyTo(_line.AsSpan(_length));
        _length += fitting.Length;
    }
}
