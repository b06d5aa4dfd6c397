using System.Runtime.CompilerServices;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>tests.yaml.</summary>
public sealed class TestVerbs
{
    private readonly AgentConnection _agent;

    internal TestVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>
    /// Runs the tests of the services that the patterns select. For each service come the number of its tests, their results, and errors
    /// that kept some or all of them from being run.
    /// </summary>
    public async IAsyncEnumerable<ServiceTestEvent> RunAsync(
        ServiceTestRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var api = await _agent.OpenAsync(cancellation);
        await foreach (var happened in api.TestAsync(request, cancellation))
            yield return happened;
    }

    /// <summary>Writes what <see cref="RunAsync"/> gave as JUnit XML.</summary>
    /// <param name="path">The file; its folder has to exist.</param>
    /// <param name="events">The results and errors.</param>
    /// <param name="startedAt">When the run began.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: it can't be written.</exception>
    public static void WriteReport(string path, IReadOnlyList<ServiceTestEvent> events, DateTimeOffset startedAt)
    {
        try
        {
            JUnitReport.Write(path, events, startedAt);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, path, $"The report can't be written to {path}: {error.Message}",
                "Name a file in a folder that exists and may be written to.", error);
        }
    }
}
