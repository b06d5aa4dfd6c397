using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Commands;

/// <summary>Results to standard output, troubles to standard error.</summary>
internal static class ConsoleOutput
{
    public static CultureInfo Culture => CultureInfo.InvariantCulture;

    public static async Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type)
    {
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, value, type);
        await output.WriteAsync("\n"u8.ToArray());
    }

    public static async Task WriteAsync(OperationResult result)
    {
        if (result.Error is { } error)
        {
            await WriteErrorAsync(error);
            return;
        }

        await Console.Out.WriteLineAsync(result.Message);
        foreach (var warning in result.Warnings)
            await Console.Error.WriteLineAsync($"warning: {warning}");
    }

    public static async Task WriteErrorAsync(ErrorReport error)
    {
        await Console.Error.WriteLineAsync($"error: {error.Message}");
        foreach (var problem in error.Problems)
            await Console.Error.WriteLineAsync($"  {problem}");
        foreach (var line in error.LogLines)
            await Console.Error.WriteLineAsync($"  | {line}");
        if (error.Advice is { } advice)
            await Console.Error.WriteLineAsync($"  {advice}");
    }

    /// <summary>A duration in its two largest units: <c>3d 4h</c>, <c>12m 5s</c>.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{(int)time.TotalDays}d {time.Hours}h",
        { TotalHours: >= 1 } => $"{time.Hours}h {time.Minutes}m",
        { TotalMinutes: >= 1 } => $"{time.Minutes}m {time.Seconds}s",
        _ => $"{time.TotalSeconds:0.0}s",
    };
}
