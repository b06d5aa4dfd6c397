using System.Buffers;
using System.Globalization;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>The times that lines carry, in this machine's time zone.</summary>
internal static class LineTime
{
    private const int Stamp = 19;   // "2024-05-01 10:00:00", "01.05.2024 10:00:00"
    private const int Access = 20;  // "01/May/2024:10:00:00"
    private const int CTime = 24;   // "Wed May  1 10:00:00 2024"

    /// <summary>Of a fraction of a second and an offset from UTC.</summary>
    private const int LongestRest = 16;

    /// <summary>Of what an access log has before the time.</summary>
    private const int LongestClient = 200;

    private static readonly SearchValues<byte> Host = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:"u8);

    /// <summary>
    /// <c>[2024-05-01 10:00:00,123] </c>, <c>[01.05.2024 10:00:00] </c> or <c>[01/May/2024 10:00:00] </c>: its length, with the space;
    /// 0 when there is none.
    /// </summary>
    internal static int Bracketed(ReadOnlySpan<byte> line)
    {
        int stamp = line.Length > 1 ? StampAt(line[1..]) : 0;
        if (stamp == 0)
            return 0;
        int end = line.Slice(1 + stamp, Math.Min(line.Length - 1 - stamp, LongestRest)).IndexOf("] "u8);
        return end < 0 ? 0 : 1 + stamp + end + 2;
    }

    /// <summary>
    /// <c>2024-05-01 10:00:00,123 </c> or <c>2024-05-01T10:00:00Z </c>: its length, with what is behind it; 0 when there is none.
    /// </summary>
    internal static int Bare(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Stamp || line[4] != (byte)'-' || StampAt(line) == 0)
            return 0;
        int end = line.Slice(Stamp, Math.Min(line.Length - Stamp, LongestRest)).IndexOf((byte)' ');
        return end < 0 ? 0 : Stamp + end + 1;
    }

    /// <summary>The time that a line of an access log has between its brackets: where it begins; 0 when there is none.</summary>
    internal static int OfAccess(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> client = line[..Math.Min(line.Length, LongestClient)];
        int at = client.IndexOf(" ["u8), host = client.IndexOfAnyExcept(Host);
        if (at < 0 || host <= 0 || line[host] != (byte)' ' || line[..at].Count((byte)' ') != 2)
            return 0;
        ReadOnlySpan<byte> from = line[(at + 1)..];
        return from.Length > Access + 1 && from[3] == (byte)'/' && StampAt(from[1..]) == Access && Bracketed(from) > 0 ? at + 1 : 0;
    }

    /// <summary><c>Wed May  1 10:00:00 2024 - </c>: its length; 0 when there is none.</summary>
    internal static int Leading(ReadOnlySpan<byte> line) =>
        IsCTime(line) && line[CTime..].StartsWith(" - "u8) ? CTime + 3 : 0;

    /// <summary>The time of a line, wherever its kind has it.</summary>
    internal static DateTime? Of(ReadOnlySpan<byte> line, LineHead head)
    {
        ReadOnlySpan<byte> text = line[head.Skip..];
        switch (head.Kind)
        {
            case LineKind.Request:
                int at = ExceptionText.TimeInRequest(line[..Math.Min(line.Length, LineClassifier.Enough)]);
                if (at >= 0)
                    return ParseCTime(line[at..]);
                text = text[OfAccess(text)..];
                break;
            // Not always is it dated, and it is written by another process.
            case LineKind.Rotation:
                return null;
        }

        if (text is [(byte)'[', ..] && Bracketed(text) is var length and > 0)
            return ParseStamp(text[1..(length - 2)]);
        if (Bare(text) is var bare and > 0)
            return ParseStamp(text[..(bare - 1)]);
        return Leading(text) > 0 ? ParseCTime(text) : null;
    }

    /// <summary>A time without a date's remainder, as headers show it.</summary>
    internal static string Text(DateTime? time) =>
        time is { } known ? known.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "no time";

    /// <summary>As users receive it.</summary>
    internal static DateTimeOffset? ToOffset(DateTime? time) =>
        time is { } known && known > DateTime.UnixEpoch && known.Year < 9999
            ? new DateTimeOffset(known, TimeZoneInfo.Local.GetUtcOffset(known)) : null;

    private static bool IsCTime(ReadOnlySpan<byte> text) =>
        text.Length > CTime && text[3] == (byte)' ' && text[7] == (byte)' ' && text[13] == (byte)':' && text[16] == (byte)':'
            && text[19] == (byte)' '
        && IsDigit(text[12]) && IsDigit(text[23]) && WeekDay(text[..3]) && Month(text.Slice(4, 3)) > 0;

    private static DateTime? ParseCTime(ReadOnlySpan<byte> text) => IsCTime(text)
        ? Make(Number(text.Slice(20, 4)), Month(text.Slice(4, 3)), Number(text.Slice(8, 2)), text.Slice(11, 8))
        : null;

    private static DateTime? ParseStamp(ReadOnlySpan<byte> text)
    {
        int stamp = StampAt(text);
        ReadOnlySpan<byte> clock = text.Slice(stamp - 8, 8), rest = text[stamp..];
        DateTime? time = text[4] == (byte)'-' ? Make(Number(text[..4]), Number(text.Slice(5, 2)), Number(text.Slice(8, 2)), clock)
            : stamp == Access ? Make(Number(text.Slice(7, 4)), Month(text.Slice(3, 3)), Number(text[..2]), clock)
            : Make(Number(text.Slice(6, 4)), Number(text.Slice(3, 2)), Number(text[..2]), clock);
        if (time is not { } known)
            return null;
        if (rest is [(byte)',' or (byte)'.', ..])
        {
            int digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits = digits < 0 ? rest.Length - 1 : digits;
            int used = Math.Min(digits, 7);
            known = known.AddTicks((long)(Number(rest.Slice(1, used)) * Math.Pow(10, 7 - used)));
            rest = rest[(1 + digits)..];
        }

        // gunicorn says how far its clock is from UTC.
        if (rest is [(byte)' ', ..])
            rest = rest[1..];
        bool isUtc = rest is [(byte)'Z'];
        if (!isUtc && !(rest.Length is 5 or 6 && rest[0] is (byte)'+' or (byte)'-'))
            return known;
        int minutes = isUtc ? 0 : (Number(rest.Slice(1, 2)) * 60) + Number(rest[^2..]);
        DateTime utc = DateTime.SpecifyKind(known.AddMinutes(rest[0] == (byte)'-' ? minutes : -minutes), DateTimeKind.Utc);
        return DateTime.SpecifyKind(utc.ToLocalTime(), DateTimeKind.Unspecified);
    }

    /// <summary>The length of the date and time that the text begins with, without a fraction; 0 when it begins with none.</summary>
    private static int StampAt(ReadOnlySpan<byte> text)
    {
        if (text.Length < Stamp || !IsDigit(text[0]) || !IsDigit(text[1]))
            return 0;
        if (text[13] == (byte)':' && text[16] == (byte)':' && IsDigit(text[18]))
        {
            bool isIso = text[4] == (byte)'-' && text[7] == (byte)'-' && text[10] is (byte)' ' or (byte)'T';
            return isIso || (text[2] == (byte)'.' && text[5] == (byte)'.' && text[10] == (byte)' ') ? Stamp : 0;
        }

        bool isAccess = text.Length >= Access && text[2] == (byte)'/' && text[6] == (byte)'/' && text[11] is (byte)':' or (byte)' ';
        return isAccess && text[14] == (byte)':' && text[17] == (byte)':' && IsDigit(text[19]) ? Access : 0;
    }

    private static DateTime? Make(int year, int month, int day, ReadOnlySpan<byte> clock)
    {
        int hour = Number(clock[..2]), minute = Number(clock.Slice(3, 2)), second = Number(clock.Slice(6, 2));
        return year is >= 1971 and < 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24
            && minute < 60 && second < 60
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

    private static int Month(ReadOnlySpan<byte> name) =>
        "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(name) is var at && at >= 0 && at % 3 == 0 ? (at / 3) + 1 : 0;
}
