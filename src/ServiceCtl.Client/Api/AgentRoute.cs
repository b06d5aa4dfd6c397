using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>The way to an agent: how it is connected to, and what is said when that fails.</summary>
public abstract class AgentRoute : IDisposable
{
    private protected AgentRoute()
    {
    }

    /// <summary>What errors name: the socket, or the host.</summary>
    internal abstract string Place { get; }

    /// <summary>Null for this host.</summary>
    internal virtual string? HostName => null;

    internal virtual Version HttpVersion => System.Net.HttpVersion.Version11;

    internal abstract ValueTask<Stream> ConnectAsync(CancellationToken cancellation);

    /// <summary>What a request failed by.</summary>
    internal abstract ServiceCtlException Unreachable(Exception error);

    /// <summary>The agent does not know what it was asked.</summary>
    internal abstract ServiceCtlException OtherVersion(string message);

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Close()
    {
    }

    private protected static bool IsConnecting(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
}
