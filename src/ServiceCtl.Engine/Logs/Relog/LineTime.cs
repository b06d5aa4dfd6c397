using System.Globalization;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>The times that lines carry, in this machine's time zone.</summary>
internal static class LineTime
{
    private const int Bracket = 20; // "[2024-05-01 10:00:00", "[01.05.2024 10:00:00"
    private const int CTime = 24;   // "Wed May  1 10:00:00 2024"

    /// <summary><c>[2024-05-01 10:00:00,123] </c> or <c>[01.05.2024 10:00:00] </c>: its length, with the space; 0 when there is none.</summary>
    internal static int Bracketed(ReadOnlySpan<byte> line)
    {
        if (line.Length < Bracket + 2 || line[14] != (byte)':' || line[17] != (byte)':' || line[11] != (byte)' ' || !IsDigit(line[1]) || !IsDigit(line[19]))
            return 0;
        bool isIso = line[5] == (byte)'-' && line[8] == (byte)'-';
        if (!isIso && !(line[3] == (byte)'.' && line[6] == (byte)'.'))
            return 0;
        // Milliseconds, microseconds, an offset from UTC.
        int end = line.Slice(Bracket, Math.Min(line.Length - Bracket, 16)).IndexOf("] "u8);
        return end < 0 ? 0 : Bracket + end + 2;
    }

    /// <summary><c>Wed May  1 10:00:00 2024 - </c>: its length; 0 when there is none.</summary>
    internal static int Leading(ReadOnlySpan<byte> line) =>
        IsCTime(line) && line[CTime..].StartsWith(" - "u8) ? CTime + 3 : 0;

    /// <summary>The time of a line, wherever its kind has it.</summary>
    internal static DateTime? Of(ReadOnlySpan<byte> line, LineHead head)
    {
        if (head.Kind == LineKind.Request)
        {
            int at = line[..Math.Min(line.Length, LineClassifier.Enough)].IndexOf("} ["u8);
            return at < 0 ? null : ParseCTime(line[(at + 3)..]);
        }

        ReadOnlySpan<byte> text = line[head.Skip..];
        if (Bracketed(text) is var length and > 0)
            return ParseBracketed(text[1..(length - 2)]);
        return Leading(text) > 0 ? ParseCTime(text) : null;
    }

    /// <summary>A time without a date's remainder, as headers show it.</summary>
    internal static string Text(DateTime? time) =>
        time is { } known ? known.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "no time";

    /// <summary>As users receive it.</summary>
    internal static DateTimeOffset? ToOffset(DateTime? time) =>
        time is { } known && known > DateTime.UnixEpoch && known.Year < 9999 ? new DateTimeOffset(known, TimeZoneInfo.Local.GetUtcOffset(known)) : null;

    private static bool IsCTime(ReadOnlySpan<byte> text) =>
        text.Length > CTime && text[3] == (byte)' ' && text[7] == (byte)' ' && text[13] == (byte)':' && text[16] == (byte)':' && text[19] == (byte)' '
        && IsDigit(text[12]) && IsDigit(text[23]) && WeekDay(text[..3]) && Month(text.Slice(4, 3)) > 0;

    private static DateTime? ParseCTime(ReadOnlySpan<byte> text) => IsCTime(text)
        ? Make(Number(text.Slice(20, 4)), Month(text.Slice(4, 3)), Number(text.Slice(8, 2)), text.Slice(11, 8))
        : null;

    private static DateTime? ParseBracketed(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> clock = text.Slice(11, 8);
        DateTime? time = text[4] == (byte)'-'
            ? Make(Number(text[..4]), Number(text.Slice(5, 2)), Number(text.Slice(8, 2)), clock)
            : Make(Number(text.Slice(6, 4)), Number(text.Slice(3, 2)), Number(text[..2]), clock);
        ReadOnlySpan<byte> rest = text[19..];
        if (time is not { } known)
            return null;
        // gunicorn says how far its clock is from UTC.
        if (rest.Length == 6 && rest[0] == (byte)' ' && rest[1] is (byte)'+' or (byte)'-')
        {
            int minutes = (Number(rest.Slice(2, 2)) * 60) + Number(rest.Slice(4, 2));
            DateTime utc = DateTime.SpecifyKind(known.AddMinutes(rest[1] == (byte)'+' ? -minutes : minutes), DateTimeKind.Utc);
            return DateTime.SpecifyKind(utc.ToLocalTime(), DateTimeKind.Unspecified);
        }

        return rest.Length == 4 && rest[0] is (byte)',' or (byte)'.' ? known.AddMilliseconds(Number(rest[1..])) : known;
    }

    private static DateTime? Make(int year, int month, int day, ReadOnlySpan<byte> clock)
    {
        int hour = Number(clock[..2]), minute = Number(clock.Slice(3, 2)), second = Number(clock.Slice(6, 2));
        return year is >= 1971 and < 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTime(year, month, day, hour, minute, second)
            : null;
    }

    /// <summary>Whatever is no digit counts as 0, as the space in <c>May  1</c>.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte digit in digits)
            number = (number * 10) + (IsDigit(digit) ? digit - '0' : 0);
        return number;
    }

    private static bool IsDigit(byte character) => character is >= (byte)'0' and <= (byte)'9';

    private static bool WeekDay(ReadOnlySpan<byte> name) => "MonTueWedThuFriSatSun"u8.IndexOf(name) is var at and >= 0 && at % 3 == 0;

    private static int Month(ReadOnlySpan<byte> name) => "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(name) is var at && at >= 0 && at % 3 == 0 ? (at / 3) + 1 : 0;
}
