using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Images;

/// <summary>A command inside the container of a service, by <c>exec</c> of the engine's command.</summary>
internal static class ContainerCommand
{
    /// <param name="service">The service.</param>
    /// <param name="engine">Which it is said to run in; null for what is here.</param>
    /// <param name="home">The agent's folder.</param>
    /// <param name="words">Program and arguments.</param>
    /// <param name="hasTerminal">Give it a terminal of its own inside.</param>
    /// <param name="hasInput">It reads what we are given.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How it is started; its standard streams are ours.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: no container of it runs.</exception>
    public static async Task<ProcessStartInfo> PrepareAsync(
        string service, string? engine, string home, IReadOnlyList<string> words, bool hasTerminal, bool hasInput,
        CancellationToken cancellation)
    {
        var tool = ContainerTools.Find(engine);
        var container = (await ServiceContainers.ListAsync(tool, ScopeMarker.HomeOf(home), isDetailed: false, cancellation))
            .FirstOrDefault(one => one.Service == service && one.State == "running") ?? throw new ServiceCtlException(
                ErrorCode.InvalidState, service, $"No container of {service} runs, so nothing can be run in it.",
                $"Start it ('servicectl start {service}').");
        var start = tool.StartOf(Arguments(container.Id, words, hasTerminal, hasInput));
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = false;
        return start;
    }

    internal static IReadOnlyList<string> Arguments(string id, IReadOnlyList<string> words, bool hasTerminal, bool hasInput) =>
        ["exec", .. hasInput ? (string[])["--interactive"] : [], .. hasTerminal ? (string[])["--tty"] : [], id, .. words];
}
