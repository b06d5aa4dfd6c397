using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>
/// The command of another host, run with words of ours: what reads or makes files there is done there, as if somebody had logged in.
/// </summary>
public static class HostCommand
{
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

    /// <summary>What ssh itself ends in; a command over there may, too.</summary>
    public const int SshFailed = SshFailure.OfSsh;

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
            throw new ServiceCtlException(
                new ErrorReport
                {
                    Code = ErrorCode.HostUnreachable,
                    Target = host,
                    HostName = host,
                    Message = "The command there printed something other than JSON.",
                    Advice = "Install the same version on both: 'servicectl hosts test' compares them.",
                }, error);
        }
    }
}
