using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Loading;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Completion;

/// <summary>
/// Completes names of services, as the running agent knows them. Without an agent there is nothing to complete: a key press starts
/// no process.
/// </summary>
public sealed class ServiceNameCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // An error in the middle of typing helps nobody.
        try
        {
            var pattern = wordToComplete.Trim('\'', '"').ToLowerInvariant() + "*";
            var host = HostOf(fakeBoundParameters);
            var services = TimelyCompletion.List(limit => ListAsync(host, limit));
            return [.. services.Where(service => ServiceSelection.Matches(pattern, service.Name.ToLowerInvariant())).Select(ToResult)];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static CompletionResult ToResult(PyService service) => new(
        service.Name, service.Name, CompletionResultType.ParameterValue,
        string.Join(", ", new[] { service.State.ToString(), service.Listen, service.Path }.OfType<string>()));

    /// <summary>Of another host only where a channel to it is held: a key press opens none.</summary>
    private static async Task<IReadOnlyList<PyService>> ListAsync(string? host, CancellationToken limit)
    {
        if (host is not null)
            return HostSessions.Find(host) is { } held ? await held.Services.GetAsync([], limit) : [];
        using var connection = new EngineConnection();
        var client = connection.ClientOf(host: null);
        return await client.Agent.FindAsync(limit) is null ? [] : await client.Services.GetAsync([], limit);
    }

    private static string? HostOf(IDictionary given) => given["HostName"] switch
    {
        null => null,
        object[] { Length: > 0 } several => several[0]?.ToString(),
        var one => one.ToString(),
    };
}
