using System.Text;

namespace ServiceCtl.Tests.Fuzz.Targets;

/// <summary>
/// Requests to an agent, as bytes on its socket. It answers what it understands, refuses the rest in words, and stays as it is.
/// </summary>
internal sealed class ApiTarget(string command) : IFuzzTarget
{
    private const long MostMemory = 400L << 20;
    private const int MostDescriptors = 500;
    private const int LookEvery = 100;

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    private readonly PrivateAgent _agent = new(command);
    private int _pid;
    private int _inputs;

    public IReadOnlyList<string> Dictionary { get; } =
    [
        "GET ", "POST ", "PUT ", "DELETE ", "/v1/services", "/v1/services/one", "/v1/status", "/v1/operations", "/v1/events?after=",
        "/v1/tests", "/v1/relog", "/config", "/modules/m", "/wait?state=", "&seconds=0.01", "?name=",
        "%00", "%2e%2e%2f", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "Accept: text/plain\r\n", "Connection: close\r\n",
        "\r\n\r\n", "0\r\n\r\n", "\"services\":[\"one\"]", "\"action\":\"start\"", "\"action\":\"stop\"",
        "\"action\":\"hotRestart\"", "\"timeoutSeconds\":", "\"path\":\"one\"", "{\"a\":{\"a\":{\"a\":{\"a\":", "Expect: 100-continue\r\n",
        "preview=true", "format=yaml",
    ];

    public async Task<string> RunAsync(byte[] input)
    {
        if (_pid == 0)
            await BeginAsync();
        var text = Encoding.Latin1.GetString(input);
        // An agent that is asked to end ends: that is no fault, and there are other tests of it.
        if (text.Contains("/stop", StringComparison.OrdinalIgnoreCase) || text.Contains("/%", StringComparison.Ordinal))
            return "left out";
        var answer = await _agent.SendAsync(input, Silence);
        if (answer.Contains("\"code\":\"Internal\"", StringComparison.Ordinal)
            || answer.StartsWith("HTTP/1.1 500", StringComparison.Ordinal))
            await RequireNoFaultAsync(answer);
        if (++_inputs % LookEvery == 0)
            await LookAsync();
        return answer.Length == 0 ? "silent" : answer[..Math.Min(answer.Length, 15)] + Message(answer);
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    private async Task BeginAsync()
    {
        await _agent.AddAsync("one");
        await _agent.AddAsync("two", "  remote: {file: pushed.json}\n");
        _pid = await _agent.PidAsync();
    }

    /// <summary>What goes wrong outside (a folder that is not there) is an error of the system, and 500 as well.</summary>
    private static Task RequireNoFaultAsync(string answer) =>
        answer.Contains("\"code\":\"Internal\"", StringComparison.Ordinal) || !answer.Contains("\"code\":", StringComparison.Ordinal)
            ? throw new FaultException(answer) : Task.CompletedTask;

    private async Task LookAsync()
    {
        var pid = await _agent.PidAsync();
        if (pid != _pid)
            throw new FaultException($"The agent with the pid {_pid} has ended.");
        var (memory, descriptors) = PrivateAgent.FiguresOf(pid);
        if (memory > MostMemory || descriptors > MostDescriptors)
            throw new FaultException($"The agent has {memory >> 20} MiB and {descriptors} descriptors.");
    }

    private static string Message(string answer)
    {
        var at = answer.IndexOf("\"message\":\"", StringComparison.Ordinal);
        return at < 0 ? "" : answer[at..Math.Min(answer.Length, at + 80)];
    }
}
