using System.Globalization;
using ServiceCtl.Engine.Logs.Files;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What the name of a file says of its place in a log.</summary>
/// <param name="Path">Of the file.</param>
/// <param name="Log">Of the file that is being written.</param>
/// <param name="Order">Ascends with the time of the rotation.</param>
internal sealed record RotatedName(string Path, string Log, long Order) : IComparable<RotatedName>
{
    // Of yyyymmdd and of seconds since 1970, as logrotate's dateext and uWSGI name them; logrotate's own .1, .2, … count backwards.
    private const long FirstDate = 10_000_000;

    private const int MostDigits = 18;

    /// <summary><c>log.NUMBER</c> or <c>log-NUMBER</c>, with or without <c>.gz</c>.</summary>
    internal static RotatedName Of(string path)
    {
        ReadOnlySpan<char> name = path.EndsWith(LogSuffix.Compressed, StringComparison.Ordinal)
            ? path.AsSpan(0, path.Length - LogSuffix.Compressed.Length) : path;
        int digits = 0;
        while (digits < name.Length && char.IsAsciiDigit(name[name.Length - digits - 1]))
            digits++;
        int end = name.Length - digits - 1;
        if (digits is 0 or > MostDigits || end < 1 || name[end] is not ('.' or '-'))
            return new RotatedName(path, path, long.MaxValue);
        long number = long.Parse(name[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
        return new RotatedName(path, path[..end], number < FirstDate ? -number : number);
    }

    public int CompareTo(RotatedName? other) =>
        other is null ? 1 : Order != other.Order ? Order.CompareTo(other.Order) : string.CompareOrdinal(Path, other.Path);
}
