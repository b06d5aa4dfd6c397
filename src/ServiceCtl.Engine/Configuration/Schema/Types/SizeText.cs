using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>
/// Sizes as people write them. <c>kB MB GB TB</c> are decimal (powers of 1000); <c>KiB MiB GiB TiB</c> and the single letters
/// <c>K M G T</c>, as Docker, systemd and uWSGI use them, are binary (powers of 1024). A bare number counts bytes.
/// </summary>
public static partial class SizeText
{
    /// <summary>Reads a size in bytes.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var match = Pattern().Match(text.Trim());
        if (!match.Success)
            return false;

        var unit = match.Groups["unit"].Value.ToUpperInvariant();
        long radix = unit.Length == 2 ? 1000 : 1024;
        var power = unit.Length == 0 ? 0 : "BKMGT".IndexOf(unit[0], StringComparison.Ordinal);
        var size = decimal.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        for (; power > 0; power--)
            size *= radix;
        if (size > long.MaxValue)
            return false;
        bytes = (long)size;
        return true;
    }

    [GeneratedRegex(@"^(?<number>\d{1,12}(\.\d{1,6})?|\d{13,18}) ?(?<unit>[KMGT](i?B)?|B)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
