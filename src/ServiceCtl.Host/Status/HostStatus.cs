using System.Text;
using System.Text.Json;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Status;

/// <summary>
/// The status of services of other hosts, in one table. Made here: what another host says is data, and steers no terminal.
/// </summary>
internal static class HostStatus
{
    /// <returns>The exit code.</returns>
    public static async Task<int> PrintAsync(HostGroup hosts, StatusQuery query, Stream output, CancellationToken cancellation)
    {
        var answers = await hosts.AskAsync(host => host.Services.GetStatusAsync(query.Names, cancellation));
        var all = answers.SelectMany(answer => answer.Value ?? [])
            .Where(status => query.States.Length == 0 || query.States.Contains(status.State)).ToList();
        var errors = answers.Select(answer => answer.Error).OfType<ErrorReport>().ToList();
        await output.WriteAsync(TextOf(hosts, query, all, isWhole: errors.Count == 0), cancellation);
        await output.FlushAsync(cancellation);
        foreach (var error in errors)
            await ConsoleOutput.WriteErrorAsync(error);
        return errors.Count > 0 ? ExitCodes.Failed
            : query.Names.Length > 0 && all.Exists(status => status.State != ServiceState.Running) ? ExitCodes.NotRunning
            : ExitCodes.Success;
    }

    private static byte[] TextOf(HostGroup hosts, StatusQuery query, List<PyServiceStatus> all, bool isWhole)
    {
        if (query.AsJson)
            return [.. JsonSerializer.SerializeToUtf8Bytes(all, AgentJson.Default.IReadOnlyListPyServiceStatus), (byte)'\n'];
        var style = ConsoleOutput.StyleOf(opening: null, isError: false);
        return Encoding.UTF8.GetBytes(!hosts.AreSeveral && all is [var only]
            ? StatusPage.Of(only, style)
            : StatusTable.Of(all, isWhole ? StatusTable.Nothing(query.Names, query.States) : "", style, hosts.AreSeveral));
    }
}
