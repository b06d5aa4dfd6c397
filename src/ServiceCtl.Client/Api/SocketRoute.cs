using System.Net.Sockets;
using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Client.Api;

/// <summary>The way to the agent of this host: its Unix socket.</summary>
[SupportedOSPlatform("linux")]
public sealed class SocketRoute(string socket) : AgentRoute
{
    internal override string Place => socket;

    /// <summary>Does an agent listen on the socket? Asks it nothing, so that a command makes one request, not two.</summary>
    public async Task<bool> IsListeningAsync(CancellationToken cancellation)
    {
        try
        {
            using var connection = await ConnectSocketAsync(cancellation);
            // Of one that was killed, the kernel lets go in the end: until then it takes connections that nobody will answer.
            return ProcFs.TryRead(PeerCredentials.Of(connection).Pid) is not ({ HasEnded: true } or { IsExiting: true });
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new ServiceCtlException(
                ErrorCode.AgentUnreachable, socket, $"No agent can listen on {socket}: the path of a Unix socket has at most 108 bytes.",
                "Choose a shorter folder for SERVICECTL_HOME.", error);
        }
    }

    internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellation) =>
        new NetworkStream(await ConnectSocketAsync(cancellation), ownsSocket: true);

    internal override ServiceCtlException Unreachable(Exception error) => IsConnecting(error)
        ? new ServiceCtlException(
            ErrorCode.AgentUnreachable, socket, $"No agent answers on {socket}: {error.InnerException?.Message ?? error.Message}.",
            "Start it with 'servicectl agent start'.", error)
        : new ServiceCtlException(
            ErrorCode.AgentUnreachable, socket, $"The agent went away in the middle of the conversation: {error.Message}",
            "The next command starts a new one; its log says what happened to the old.", error);

    internal override ServiceCtlException OtherVersion(string message) => new(ErrorCode.InvalidState, socket,
        $"The running agent is of another version{message}", "Replace it with 'servicectl agent restart'; services keep running.");

    private async Task<Socket> ConnectSocketAsync(CancellationToken cancellation)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            RequireOurs(PeerCredentials.Of(connection).Uid);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Before the first byte: what is pushed holds secrets, and another user's program could listen where the agent should.
    /// </summary>
    private void RequireOurs(int user)
    {
        if (user != 0 && user != PeerCredentials.OwnUid)
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, socket, $"A program of uid {user} listens on {socket}, and you are uid {PeerCredentials.OwnUid}.",
                "Act as that user (sudo -u), or set SERVICECTL_HOME to a folder of your own.");
        }
    }
}
