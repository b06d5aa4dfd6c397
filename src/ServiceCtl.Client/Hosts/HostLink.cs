using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Hosts;

/// <summary>The way to one host: one channel at a time, opened when it is needed and again when it was lost.</summary>
internal sealed class HostLink(PyServiceHost host) : IDisposable
{
    private readonly Lock _gate = new();
    private SshChannel? _channel;
    private bool _isClosed;

    public string HostName => host.HostName;

    /// <summary>The version of the command over there; null as long as no channel was open.</summary>
    public string? Version { get; private set; }

    public async Task<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var channel = await SshChannel.OpenAsync(host, DialWords.Agent, cancellation);
        lock (_gate)
        {
            _channel?.Dispose();
            _channel = channel;
            Version = channel.Version;
            if (_isClosed)
                channel.Dispose();
        }

        return channel.Stream;
    }

    public ServiceCtlException Lost(Exception error)
    {
        lock (_gate)
            return _channel?.Lost(error) ?? SshFailure.Lost(host, error.Message, error);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _channel?.Dispose();
        }
    }
}
