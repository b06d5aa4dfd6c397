using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Client;

/// <summary>What has failed and what was decided about it, and the rules by which that is decided. They start no agent.</summary>
public sealed class FailureVerbs
{
    private readonly AgentConnection _agent;
    private readonly CatalogVerbs _catalog;

    internal FailureVerbs(AgentConnection agent, CatalogVerbs catalog)
    {
        _agent = agent;
        _catalog = catalog;
    }

    /// <summary>Those of the events that tell of a failure.</summary>
    public static async IAsyncEnumerable<PyServiceFailure> OfAsync(
        IAsyncEnumerable<ServiceEvent> events, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happened in events.WithCancellation(cancellation))
        {
            if (happened.Failure is { } failure)
                yield return failure;
        }
    }

    /// <summary>
    /// Every rule of services in the order in which they are tried, with its place, as their configurations on disk say. What is wrong with
    /// one service is reported, and the others are answered.
    /// </summary>
    public async Task<IReadOnlyList<PyServiceFailureRule>> GetRulesAsync(
        IReadOnlyList<string> names, Action<ErrorReport> report, CancellationToken cancellation)
    {
        if (_agent.Host is not { } host)
            return LocalHost.HasServices ? await ListHereAsync(names, report, cancellation) : throw LocalHost.Unsupported();
        var reply = await HostCommand.AskAsync(
            host, ["failures", "policy", "--json", "--", .. names], AgentJson.Default.IReadOnlyListPyServiceFailureRule, cancellation);
        return reply.Reported(report) ?? [];
    }

    /// <summary>
    /// What would be done about a failure of services, were it the first one. Nothing is done. What is wrong with one service is reported,
    /// and the others are answered.
    /// </summary>
    public async Task<IReadOnlyList<PyServiceFailureDecision>> TestAsync(
        IReadOnlyList<string> names, FailureQuestion question, Action<ErrorReport> report, CancellationToken cancellation)
    {
        if (_agent.Host is not { } host)
            return LocalHost.HasServices ? await TestHereAsync(names, question, report, cancellation) : throw LocalHost.Unsupported();
        string[] words =
        [
            .. HostCommand.Value("--exit", question.ExitCode?.ToString(CultureInfo.InvariantCulture)),
            .. HostCommand.Value("--signal", question.Signal),
            .. HostCommand.Flag("--unhealthy", question.Unhealthy), .. HostCommand.Flag("--starting", question.WhileStarting),
            .. HostCommand.Flag("--oom", question.OutOfMemory),
            .. HostCommand.Value("--exception", question.ExceptionType),
            .. HostCommand.Value("--module", question.ExceptionModule),
            .. HostCommand.Value("--log-line", question.LogLine),
            .. HostCommand.Value("--dependency", question.Dependency),
        ];
        var reply = await HostCommand.AskAsync(host, ["failures", "test", "--json", .. words, "--", .. names],
            AgentJson.Default.IReadOnlyListPyServiceFailureDecision, cancellation);
        return reply.Reported(report) ?? [];
    }

    [SupportedOSPlatform("linux")]
    private async Task<IReadOnlyList<PyServiceFailureRule>> ListHereAsync(
        IReadOnlyList<string> names, Action<ErrorReport> report, CancellationToken cancellation)
    {
        var common = await ReadHostRulesAsync(report, cancellation);
        var all = await ReadAsync(names, definition => FailureTrial.List(definition, common), report, cancellation);
        return [.. all.SelectMany(rules => rules)];
    }

    [SupportedOSPlatform("linux")]
    private async Task<IReadOnlyList<PyServiceFailureDecision>> TestHereAsync(
        IReadOnlyList<string> names, FailureQuestion question, Action<ErrorReport> report, CancellationToken cancellation)
    {
        var common = await ReadHostRulesAsync(report, cancellation);
        return await ReadAsync(names,
            definition => FailureTrial.Ask(definition, common, question, RunnerRegistry.CanReload(definition)), report, cancellation);
    }

    /// <summary>As the agent takes them: while the file is wrong, those of the last one that was right.</summary>
    [SupportedOSPlatform("linux")]
    private async Task<HostRules> ReadHostRulesAsync(Action<ErrorReport> report, CancellationToken cancellation)
    {
        var rules = await HostRuleReader.ReadAsync(_agent.Paths.HostRules, _agent.Paths.KeptHostRules, cancellation);
        if (rules.Problems.Count > 0)
            report(ConfigurationReader.Invalid(rules.Problems).Report);
        return rules;
    }

    [SupportedOSPlatform("linux")]
    private async Task<IReadOnlyList<T>> ReadAsync<T>(
        IReadOnlyList<string> names, Func<ServiceDefinition, T> read, Action<ErrorReport> report, CancellationToken cancellation)
    {
        var answers = new List<T>();
        foreach (var name in names)
        {
            try
            {
                answers.Add(read(await _catalog.ReadDefinitionAsync(await _catalog.GetOneAsync(name, cancellation), cancellation)));
            }
            catch (ServiceCtlException error)
            {
                report(error.Report);
            }
        }

        return answers;
    }
}
