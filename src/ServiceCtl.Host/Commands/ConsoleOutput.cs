using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;

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

    /// <summary>The style of a stream, as the service's configuration wants it and the terminal allows it.</summary>
    public static MessageStyle StyleOf(ServiceOpening? opening, bool isError) => MessageStyle.ForScreen(
        opening?.UsesColor ?? true, isError ? Console.IsErrorRedirected : Console.IsOutputRedirected, Environment.GetEnvironmentVariable);

    public static Task WriteAsync(OperationResult result, ServiceOpening? opening) =>
        WriteAsync(OperationText.Of(result), opening, isError: result.Error is not null);

    public static Task WriteErrorAsync(ErrorReport error, ServiceOpening? opening = null) => WriteAsync(OperationText.Of(error), opening, isError: true);

    /// <param name="lines">What to write.</param>
    /// <param name="opening">Of the service that it is about.</param>
    /// <param name="isError">Does it belong to an error? Warnings go to standard error in any case.</param>
    public static async Task WriteAsync(IEnumerable<MessageLine> lines, ServiceOpening? opening, bool isError = false)
    {
        foreach (var line in lines)
        {
            var toError = isError || line.Kind == MessageKind.Warning;
            await (toError ? Console.Error : Console.Out).WriteLineAsync(StyleOf(opening, toError).Paint(line));
        }
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
