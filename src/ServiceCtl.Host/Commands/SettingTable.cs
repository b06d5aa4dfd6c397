using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Commands;

/// <summary>Values of a configuration, a line each.</summary>
internal static class SettingTable
{
    public static async Task WriteAsync(string? heading, IReadOnlyList<ServiceSetting> settings, bool showSource, bool showOverridden)
    {
        foreach (var line in LinesOf(heading, settings, showSource, showOverridden))
            await ConsoleOutput.WriteLineAsync(line);
    }

    public static IEnumerable<string> LinesOf(
        string? heading, IReadOnlyList<ServiceSetting> settings, bool showSource, bool showOverridden)
    {
        if (heading is not null)
            yield return $"== {heading}";
        var rows = settings.SelectMany(setting => Rows(setting, showOverridden)).ToList();
        var keyWidth = rows.Select(row => row.Key.Length).DefaultIfEmpty().Max();
        var valueWidth = rows.Select(row => row.Value.Length).DefaultIfEmpty().Max();
        valueWidth = Math.Min(valueWidth, 50);
        foreach (var (key, value, place) in rows)
        {
            yield return (showSource ? $"{key.PadRight(keyWidth)}  {value.PadRight(valueWidth)}  {place}"
                : $"{key.PadRight(keyWidth)}  {value}").TrimEnd();
        }
    }

    private static IEnumerable<(string Key, string Value, string Place)> Rows(ServiceSetting setting, bool showOverridden)
    {
        yield return (setting.Key, OneLine(setting.Text), setting.Place);
        foreach (var lower in showOverridden ? setting.Overridden : [])
            yield return ("  overrides", OneLine(lower.Text), lower.Place);
    }

    private static string OneLine(string? text) => VisibleText.Line(text ?? "");
}
