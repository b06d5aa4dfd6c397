using Cronos;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Cron expressions as they are written: five fields, six with seconds first, or a word such as <c>@daily</c>.</summary>
internal static class CronText
{
    /// <exception cref="CronFormatException">It is none.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return CronExpression.Parse(text, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
    }

    /// <returns>Null where this host does not know it.</returns>
    public static TimeZoneInfo? FindZone(string? name) =>
        name is null ? TimeZoneInfo.Local : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
