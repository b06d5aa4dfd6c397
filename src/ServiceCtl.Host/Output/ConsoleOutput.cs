using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;

namespace ServiceCtl.Host.Output;

/// <summary>
/// Results go to standard output, errors and warnings to standard error, and text of others steers no terminal (<see cref="VisibleText"/>),
/// into a pipe neither, which mostly ends on one. What is to be kept byte by byte is JSON, or a document.
/// </summary>
internal static class ConsoleOutput
{
    /// <summary>Of the process, as what it has for standard output is.</summary>
    private const string ErrorsAreJson = "ServiceCtl.ErrorsAreJson";

    public static CultureInfo Culture => CultureInfo.InvariantCulture;

    // As a whole: what would write it piece by piece is compiled for it at each start, 20 ms.
    public static Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type) =>
        WriteAsync([.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n']);

    /// <summary>JSON as others have written it.</summary>
    public static Task WriteJsonAsync(string json) => WriteAsync(System.Text.Encoding.UTF8.GetBytes(json + "\n"));

    public static Task WriteLineAsync(string text) => Console.Out.WriteLineAsync(VisibleText.Of(text));

    public static void WriteLine(string text) => Console.Out.WriteLine(VisibleText.Of(text));

    public static Task WriteErrorLineAsync(string text) => Console.Error.WriteLineAsync(VisibleText.Of(text));

    public static void WriteErrorLine(string text) => Console.Error.WriteLine(VisibleText.Of(text));

    /// <summary>A file that is printed: into another file or a pipe as it would be written.</summary>
    public static Task WriteDocumentAsync(string text) => Console.Out.WriteAsync(Console.IsOutputRedirected ? text : VisibleText.Of(text));

    /// <summary>The style of a stream, as the service's configuration wants it and the terminal allows it.</summary>
    public static MessageStyle StyleOf(ServiceOpening? opening, bool isError) => MessageStyle.ForScreen(
        opening?.UsesColor ?? true, isError ? Console.IsErrorRedirected : Console.IsOutputRedirected, Environment.GetEnvironmentVariable);

    public static Task WriteAsync(OperationResult result, ServiceOpening? opening) =>
        WriteAsync(OperationText.Of(result), opening, isError: result.Error is not null);

    /// <summary>From now on errors are objects, each on a line.</summary>
    public static void WriteErrorsAsJson() => AppContext.SetSwitch(ErrorsAreJson, true);

    /// <param name="error">What to write.</param>
    /// <param name="opening">Of the service that it is about.</param>
    /// <param name="isVerbose">Write what scripts and bug reports need, too.</param>
    public static async Task WriteErrorAsync(ErrorReport error, ServiceOpening? opening = null, bool isVerbose = false)
    {
        if (AppContext.TryGetSwitch(ErrorsAreJson, out var areJson) && areJson)
        {
            await Console.Error.WriteLineAsync(JsonSerializer.Serialize(error, AgentJson.Default.ErrorReport));
            return;
        }

        await WriteAsync(OperationText.Of(error), opening, isError: true);
        if (isVerbose)
            await WriteAsync(
                [new MessageLine(MessageKind.Plain, $"  code: {error.Code}{(error.Target is null ? "" : $", target: {error.Target}")}")],
                opening, isError: true);
    }

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

    private static async Task WriteAsync(byte[] bytes)
    {
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(bytes);
    }

    /// <summary>A time, as the clock on this host's wall shows it.</summary>
    public static string Text(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", Culture);

    /// <summary>A duration in its two largest units: <c>3d 4h</c>, <c>12m 5s</c>.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{(int)time.TotalDays}d {time.Hours}h",
        { TotalHours: >= 1 } => $"{time.Hours}h {time.Minutes}m",
        { TotalMinutes: >= 1 } => $"{time.Minutes}m {time.Seconds}s",
        _ => $"{time.TotalSeconds:0.0}s",
    };
}
