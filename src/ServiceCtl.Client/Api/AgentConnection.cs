using System.Net.Sockets;
using System.Runtime.Versioning;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client.Api;

/// <summary>
/// The way to the user's agent, on this host or another, which is started where a verb needs one and there is none.
/// </summary>
internal sealed class AgentConnection : IDisposable
{
    /// <summary>Another host's agent answers a question in milliseconds, or, where a folder there hangs, in seconds.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(1);

    private readonly AgentPaths? _paths;
    private readonly AgentLauncher? _launcher;
    private readonly SocketRoute? _socket;
    private readonly HostLink? _link;

    [SupportedOSPlatform("linux")]
    public AgentConnection(AgentPaths paths, string executable)
    {
        _paths = paths;
        Executable = executable;
        _socket = new SocketRoute(paths.Socket);
        Api = new AgentClient(_socket);
        _launcher = new AgentLauncher(paths, executable);
    }

    public AgentConnection(PyServiceHost host, string executable)
    {
        Executable = executable;
        Host = host;
        _link = new HostLink(host);
        Api = new AgentClient(new HostRoute(_link));
    }

    /// <summary>Null for this host.</summary>
    public PyServiceHost? Host { get; }

    /// <inheritdoc cref="Host"/>
    public string? HostName => Host?.HostName;

    /// <summary>The version of the command on the other host; null as long as nothing was asked of it.</summary>
    public string? HostVersion => _link?.Version;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: they are another host's.</exception>
    public AgentPaths Paths => _paths ?? throw NotHere();

    /// <summary>Absolute path of <c>servicectl</c>.</summary>
    public string Executable { get; }

    /// <summary>Speaks to an agent that runs; starts none on this host.</summary>
    public AgentClient Api { get; }

    /// <summary>Before files of this host are touched.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: the services are another host's.</exception>
    public void RequireHere() => _ = Paths;

    /// <summary>Does an agent of this host listen?</summary>
    [SupportedOSPlatform("linux")]
    public Task<bool> IsListeningAsync(CancellationToken cancellation) => _socket!.IsListeningAsync(cancellation);

    /// <summary>The same, after an agent was found or started.</summary>
    public async Task<AgentClient> OpenAsync(CancellationToken cancellation)
    {
        await EnsureAsync(cancellation);
        return Api;
    }

    /// <summary>Asks the agent. A question changes nothing: if it was an agent's last one, the next agent is asked.</summary>
    public async Task<T> AskAsync<T>(Func<AgentClient, Task<T>> question, CancellationToken cancellation)
    {
        await EnsureAsync(cancellation);
        try
        {
            return await AskOnceAsync(question, cancellation);
        }
        catch (ServiceCtlException error) when (IsOver(error))
        {
            await EnsureAsync(cancellation);
            return await AskOnceAsync(question, cancellation);
        }
    }

    /// <summary>A connection to this host's agent that speaks HTTP/2, after an agent was found or started.</summary>
    [SupportedOSPlatform("linux")]
    public async Task<Stream> DialAsync(CancellationToken cancellation)
    {
        await EnsureAsync(cancellation);
        try
        {
            return await new SocketRoute(Paths.DialSocket).ConnectAsync(cancellation);
        }
        catch (SocketException error)
        {
            throw new ServiceCtlException(
                ErrorCode.AgentUnreachable, Paths.DialSocket, "The running agent is of an older version, which other hosts can't reach.",
                "Replace it there with 'servicectl agent restart'; services keep running.", error);
        }
    }

    public void Dispose() => Api.Dispose();

    /// <summary>On another host, the dialler does it.</summary>
    private Task EnsureAsync(CancellationToken cancellation) =>
        LocalHost.HasServices && _launcher is not null ? _launcher.EnsureAsync(_socket!, cancellation) : Task.CompletedTask;

    /// <summary>A connection that held has ended; one that could not be made is not tried twice.</summary>
    private static bool IsOver(ServiceCtlException error) => error.Code == ErrorCode.AgentUnreachable
        || (error is { Code: ErrorCode.HostUnreachable, InnerException: HttpRequestException or IOException });

    private async Task<T> AskOnceAsync<T>(Func<AgentClient, Task<T>> question, CancellationToken cancellation)
    {
        if (HostName is null)
            return await question(Api);
        try
        {
            return await question(Api).WaitAsync(AnswerLimit, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(
                new ErrorReport
                {
                    Code = ErrorCode.TimedOut,
                    Target = HostName,
                    HostName = HostName,
                    Message = $"The agent there has not answered within {AnswerLimit.TotalSeconds:0} s.",
                    Advice = $"Look at it there: 'ssh {HostName} servicectl agent'.",
                }, error);
        }
    }

    private ServiceCtlException NotHere() => new(new ErrorReport
    {
        Code = ErrorCode.InvalidArgument,
        Target = HostName,
        HostName = HostName,
        Message = "This works with files of the host it runs on. Nothing was done.",
        Advice = $"Run it there: 'ssh {HostName}', then the same command.",
    });
}
