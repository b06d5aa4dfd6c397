using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Commands;

/// <summary>How deploys, rollbacks and plans are printed.</summary>
internal static class DeployPage
{
    private const int Width = 14;

    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(PyServiceDeployment deployment, bool json)
    {
        if (json)
            await ConsoleOutput.WriteJsonAsync(deployment, AgentJson.Default.PyServiceDeployment);
        else
            await WriteAsync(deployment);
        return deployment.Outcome == OperationOutcome.Failed ? ExitCodes.Failed : ExitCodes.Success;
    }

    public static async Task WriteAsync(PyServiceDeployPlan plan)
    {
        await ConsoleOutput.WriteLineAsync($"{plan.Service} to {plan.Stage}: {plan.CurrentCommit ?? "nothing"} -> {plan.Commit ?? "?"}");
        await PartAsync("commits", plan.Commits);
        await PartAsync("templates", plan.Templates);
        await PartAsync("virtualenv", plan.Environment is { } environment ? [environment] : []);
        await PartAsync("deleted", plan.Pruned);
        await PartAsync("batches", [.. plan.Batches.Select(batch => string.Join(", ", batch))]);
        await PartAsync("locked", plan.Lock is { } held ? [held.ToString()] : []);
        await PartAsync("in the way", plan.Problems);
        foreach (var host in plan.Hosts)
        {
            await ConsoleOutput.WriteLineAsync($"{host.HostName}: {host.CurrentCommit ?? "nothing"} -> {host.Commit ?? "?"}");
            await PartAsync("  commits", host.Commits);
            await PartAsync("  templates", host.Templates);
            await PartAsync("  deleted", host.Pruned);
        }

        await ConsoleOutput.WriteLineAsync("Nothing was changed.");
    }

    private static async Task WriteAsync(PyServiceDeployment deployment)
    {
        foreach (var warning in deployment.Warnings)
            await ConsoleOutput.WriteErrorLineAsync($"Warning: {warning}");
        foreach (var host in deployment.Hosts)
            await ConsoleOutput.WriteLineAsync($"{host.HostName,-Width} {TextOf(host)}");
        if (deployment.Error is { } error)
        {
            await ConsoleOutput.WriteErrorAsync(error);
            if (deployment.Release is { State: ReleaseState.Failed } failed)
                await ConsoleOutput.WriteErrorLineAsync($"The release {failed.Id} has failed, and is kept in {failed.Path}.");
        }
        else
        {
            var what = deployment.Release is { } release ? $"{release.Id} ({release.State})" : "done";
            await ConsoleOutput.WriteLineAsync(
                $"{deployment.Service} in {deployment.Stage}: {what}, in {ConsoleOutput.Text(deployment.Duration)}.");
        }
    }

    private static string TextOf(PyServiceDeployedHost host) => host.Outcome switch
    {
        DeployedHostOutcome.Unknown => "can't be reached any more; 'servicectl releases' shows what it has when it is back",
        DeployedHostOutcome.Failed => $"failed; {host.Current ?? "nothing"} serves",
        DeployedHostOutcome.Restored => $"was taken back; {host.Current ?? "nothing"} serves",
        DeployedHostOutcome.Untouched => $"was not touched; {host.Current ?? "nothing"} serves",
        DeployedHostOutcome.Unchanged => $"had it already; {host.Current ?? "nothing"} serves",
        _ => $"{host.Current ?? "nothing"} serves",
    };

    private static async Task PartAsync(string name, IReadOnlyList<string> lines)
    {
        for (var index = 0; index < lines.Count; index++)
            await ConsoleOutput.WriteLineAsync($"{(index == 0 ? name : ""),-Width}{lines[index]}");
    }

    /// <summary>What pip and the agent tell is in the release's log.</summary>
    private static bool IsOfProgram(string step) => step is not ("virtualenv" or "switch");

    /// <summary>Each step when it is done.</summary>
    internal sealed class Lines : IProgress<PyServiceDeployStep>
    {
        public void Report(PyServiceDeployStep value)
        {
            // What has failed is shown at the end, with its lines.
            if (value.Outcome == OperationOutcome.Failed)
                return;
            ConsoleOutput.WriteLine($"{(value.HostName is null ? "" : $"{value.HostName,-12} ")}{value.Step,-Width} {value.Message}");
            foreach (var line in IsOfProgram(value.Step) ? value.Lines : [])
                ConsoleOutput.WriteLine($"{"",Width} {line}");
        }
    }
}
