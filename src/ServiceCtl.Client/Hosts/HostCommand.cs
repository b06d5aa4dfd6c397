using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>
/// The command of another host, run with words of ours: what reads or makes files there is done there, as if somebody had logged in.
/// </summary>
public static class HostCommand
{
    /// <summary>What ssh itself ends in; a command over there may, too.</summary>
    public const int SshFailed = SshFailure.OfSsh;

    /// <summary>The option by which a command says as data what it fails by.</summary>
    public const string ErrorsAsJson = "--json-errors";

    /// <summary>What a command about an agent ends in where there is none.</summary>
    internal const int NotRunning = 3;

    /// <summary>What a command ends in that does not understand its command line.</summary>
    private const int Misused = 2;

    /// <param name="host">Where.</param>
    /// <param name="words">The command line, without <c>servicectl</c>.</param>
    /// <param name="heard">Hears lines of its standard error as they come.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its exit code, and what it printed.</returns>
    /// <exception cref="ServiceCtlException">The host can't be reached, has no command, or sudo there refuses.</exception>
    public static async Task<(int Code, string Output)> RunAsync(
        PyServiceHost host, IReadOnlyList<string> words, Action<string> heard, CancellationToken cancellation)
    {
        var answer = await HostShell.RunAsync(host, SshCommand.ServiceCtl(host, words), null, limit: null, cancellation,
            line => heard(VisibleText.Line(line)));
        return SshFailure.OfCommand(host, answer.Code, answer.Errors) is { } missing ? throw missing : (answer.Code, answer.Output);
    }

    /// <summary>The same for a verb whose answer is taken as data. What it fails by is a part of the answer.</summary>
    /// <param name="host">Where.</param>
    /// <param name="words">The command line, without <c>servicectl</c>, and with <c>--json</c>.</param>
    /// <param name="type">Of what it prints.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException">The host can't be reached, has no command, or one that does not understand this.</exception>
    internal static async Task<HostReply<T>> AskAsync<T>(
        PyServiceHost host, IEnumerable<string> words, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var (errors, last) = (new List<ErrorReport>(), "");
        var answer = await HostShell.RunAsync(
            host, SshCommand.ServiceCtl(host, [ErrorsAsJson, .. words]), null, limit: null, cancellation, Hear);
        if (SshFailure.OfCommand(host, answer.Code, answer.Errors) is { } missing)
            throw missing;
        if (answer.Code == Misused && errors.Count == 0)
            throw SshFailure.OtherCommand(host, last);
        try
        {
            var value = JsonSerializer.Deserialize(answer.Output.Length == 0 ? "null" : answer.Output, type);
            return new HostReply<T>(host, answer.Code, value is null ? null : HostStamp.Of(value, host.HostName), errors, last);
        }
        catch (JsonException error)
        {
            throw NoJson(host.HostName, error);
        }

        void Hear(string line)
        {
            if (ErrorOf(line) is { } error)
                errors.Add(error with { HostName = host.HostName });
            else if (line.Length > 0)
                last = line;
        }
    }

    /// <summary>An option, where it is set.</summary>
    internal static IEnumerable<string> Flag(string option, bool isSet) => isSet ? [option] : [];

    /// <summary>
    /// An option with its value, where it has one: as one word, as a value that begins with a dash would be another option. An empty one
    /// has to be a word of its own.
    /// </summary>
    internal static IEnumerable<string> Value(string option, string? value) =>
        value is null ? [] : value.Length == 0 ? [option, value] : [$"{option}={value}"];

    /// <summary>An option with each of its values.</summary>
    internal static IEnumerable<string> Each(string option, IEnumerable<string> values) => values.SelectMany(value => Value(option, value));

    private static ErrorReport? ErrorOf(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize(line, DialJson.Default.ErrorReport) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same with our own streams, or our terminal.</summary>
    /// <returns>Its exit code is that of the command there; where that can't be run, ssh has said why.</returns>
    /// <exception cref="ServiceCtlException">There is no ssh.</exception>
    public static Process Join(PyServiceHost host, IReadOnlyList<string> words, bool hasTerminal)
    {
        try
        {
            return Process.Start(SshCommand.ToJoin(host, SshCommand.ServiceCtl(host, words), hasTerminal))!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw SshFailure.NoSsh(host, error);
        }
    }

    /// <summary>JSON of several hosts as one array, each object with the name of its host.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.HostUnreachable"/>: a host has printed something else.</exception>
    public static string Merge(IEnumerable<(string HostName, string Json)> answers)
    {
        var all = new JsonArray();
        foreach (var (host, json) in answers)
        {
            var answer = Parse(host, json);
            foreach (var each in answer is JsonArray many ? many.ToArray() : [answer])
            {
                var own = each?.DeepClone();
                if (own is JsonObject named)
                    named["hostName"] = host;
                all.Add(own);
            }
        }

        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
            all.WriteTo(writer);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static JsonNode? Parse(string host, string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException error)
        {
            throw NoJson(host, error);
        }
    }

    private static ServiceCtlException NoJson(string host, JsonException error) => new(
        new ErrorReport
        {
            Code = ErrorCode.HostUnreachable,
            Target = host,
            HostName = host,
            Message = "The command there printed something other than JSON.",
            Advice = "Install the same version on both: 'servicectl hosts test' compares them.",
        }, error);
}
