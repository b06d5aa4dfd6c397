using System.Globalization;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>HTTP statuses from one to another: 200 to 299 for <c>2xx</c>.</summary>
public readonly record struct StatusRange(int From, int To)
{
    private const int Lowest = 100;
    private const int Highest = 599;

    public bool Contains(int status) => status >= From && status <= To;

    /// <summary>Reads <c>204</c>, <c>2xx</c> and <c>200-399</c>.</summary>
    public static bool TryParse(string text, out StatusRange range)
    {
        text = text.Trim();
        if (text is [var hundred, 'x' or 'X', 'x' or 'X'] && char.IsAsciiDigit(hundred))
        {
            range = new StatusRange((hundred - '0') * 100, ((hundred - '0') * 100) + 99);
        }
        else
        {
            var parts = text.Split('-', 2, StringSplitOptions.TrimEntries);
            range = IsNumber(parts[0], out var from) && IsNumber(parts[^1], out var to) ? new StatusRange(from, to) : default;
        }

        return range.From >= Lowest && range.To <= Highest && range.From <= range.To;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}{(From == To ? "" : $"-{To}")}");

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
