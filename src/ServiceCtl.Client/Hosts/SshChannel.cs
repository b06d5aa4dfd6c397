using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Fleet;

namespace ServiceCtl.Client.Hosts;

/// <summary>One <c>ssh</c>: its standard input and output are a connection to the agent over there. Its end is the end of both.</summary>
internal sealed class SshChannel : IHostChannel
{
    /// <summary>A host may print what it likes before the dialler speaks, but not for ever.</summary>
    private const int MostNoise = 64 * 1024;

    private const int MostWords = 8 * 1024;

    /// <summary>The agent over there may have to be started, and to take on what runs.</summary>
    private static readonly TimeSpan AgentLimit = TimeSpan.FromMinutes(2.5);

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly PyServiceHost _host;
    private readonly Process _process;
    private readonly Task _errors;
    private readonly StringBuilder _words = new();

    private SshChannel(PyServiceHost host, Process process)
    {
        _host = host;
        _process = process;
        _errors = ListenAsync(process.StandardError);
        Stream = new DuplexStream(process.StandardOutput.BaseStream, process.StandardInput.BaseStream, this);
    }

    /// <summary>The connection to the agent; to close it ends the channel.</summary>
    public Stream Stream { get; }

    /// <summary>The version of the command over there; null before it has spoken.</summary>
    public string? Version { get; private set; }

    /// <param name="host">Which.</param>
    /// <param name="words">What servicectl is to do there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.HostUnreachable"/>, <see cref="ErrorCode.HostUntrusted"/>, <see cref="ErrorCode.AuthenticationFailed"/>; why
    /// the agent over there can't be started.
    /// </exception>
    public static async Task<SshChannel> OpenAsync(PyServiceHost host, string words, CancellationToken cancellation)
    {
        var channel = new SshChannel(host, Start(host, words));
        try
        {
            await channel.ShakeHandsAsync(cancellation);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>What has ended the connection, in ssh's words.</summary>
    public ServiceCtlException Lost(Exception error) =>
        SshFailure.Lost(_host, Words() is { Length: > 0 } words ? words : error.Message, error);

    public void Dispose()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        _process.Dispose();
    }

    private static Process Start(PyServiceHost host, string words)
    {
        try
        {
            return Process.Start(SshCommand.ToRun(host, SshCommand.ServiceCtl(host, words.Split(' '))))!;
        }
        catch (Win32Exception error)
        {
            throw SshFailure.NoSsh(host, error);
        }
    }

    private async Task ShakeHandsAsync(CancellationToken cancellation)
    {
        // Once for the connection, and once more for the shell and the command over there.
        var connecting = 2 * SshCommand.ConnectingOf(_host);
        var left = MostNoise;
        while (Version is null)
        {
            var line = await ReadLineAsync(connecting, "has connected, but the command there has said nothing", cancellation)
                ?? throw await EndedAsync();
            // What a shell prints without an end of line stands before it.
            if (line.IndexOf(DialWords.Hello, StringComparison.Ordinal) is var at and >= 0)
                Version = VisibleText.Line(line[(at + DialWords.Hello.Length)..]);
            if ((left -= line.Length + 1) <= 0)
                throw SshFailure.Noise(_host);
        }

        var answer = await ReadLineAsync(AgentLimit, "is reached, but its agent was not ready", cancellation) ?? throw await EndedAsync();
        if (answer != DialWords.Ready)
            throw SshFailure.Refused(_host, Version, answer);
    }

    private async Task<string?> ReadLineAsync(TimeSpan limit, string silence, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        try
        {
            // Byte by byte: what comes after the last line belongs to the connection. Reading a pipe of Windows can't be cancelled.
            var (line, next) = (new List<byte>(), new byte[1]);
            while (line.Count < MostNoise && await Stream.ReadAsync(next, patience.Token).AsTask().WaitAsync(patience.Token) == 1)
            {
                if (next[0] == '\n')
                    return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                line.Add(next[0]);
            }

            return line.Count < MostNoise ? null : throw SshFailure.Noise(_host);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw SshFailure.Silent(_host, silence, limit, error);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<ServiceCtlException> EndedAsync()
    {
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _errors.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Something it has started holds its output: what was said so far has to do.
        }

        return SshFailure.Of(_host, _process.HasExited ? _process.ExitCode : null, Words(), Version);
    }

    private string Words()
    {
        lock (_words)
            return _words.ToString().Trim();
    }

    private async Task ListenAsync(StreamReader errors)
    {
        var buffer = new char[1024];
        try
        {
            while (await errors.ReadAsync(buffer) is > 0 and var read)
            {
                lock (_words)
                {
                    _words.Append(buffer, 0, read);
                    if (_words.Length > MostWords)
                        _words.Remove(0, _words.Length - MostWords);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The channel was closed.
        }
    }
}
