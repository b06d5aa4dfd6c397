using System.Globalization;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>A host as whoever deploys speaks to it: an order, and its answer. One that was silent too long is given up for good.</summary>
internal sealed class HostPeer : IDisposable
{
    private const int Piece = 64 * 1024;

    private readonly StageHost _host;
    private readonly IHostChannel _channel;
    private readonly FrameStream _frames;
    private readonly IProgress<PyServiceDeployStep>? _progress;
    private readonly Timer _beat;

    private HostPeer(StageHost host, IHostChannel channel, IProgress<PyServiceDeployStep>? progress)
    {
        _host = host;
        _channel = channel;
        _progress = progress;
        _frames = new FrameStream(channel.Stream, channel.Stream);
        _beat = new Timer(_ => Live(), null, FrameStream.Beat, FrameStream.Beat);
    }

    /// <summary>Is the connection gone? What was ordered last may be done or not.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Reaches a host, and opens its stage.</summary>
    /// <param name="dialler">How.</param>
    /// <param name="host">Which.</param>
    /// <param name="stage">What it has to know.</param>
    /// <param name="progress">Hears of its steps.</param>
    /// <param name="limit">How long it may take to answer once it is reached.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The host, and what it has.</returns>
    /// <exception cref="ServiceCtlException">It can't be reached, or refuses.</exception>
    public static async Task<(HostPeer Peer, HostReport Report)> OpenAsync(
        IHostDialler dialler, StageHost host, HostStage stage, IProgress<PyServiceDeployStep>? progress, TimeSpan limit,
        CancellationToken cancellation)
    {
        IHostChannel channel;
        try
        {
            channel = await dialler.OpenAsync(host, cancellation);
        }
        catch (ServiceCtlException error)
        {
            throw new ServiceCtlException(error.Report with { HostName = host.Name }, error);
        }

        var peer = new HostPeer(host, channel, progress);
        try
        {
            var report = await peer.AskAsync(new HostOrder { Kind = HostOrderKind.Open, Stage = stage }, limit, null, cancellation);
            return report.Error is { } error ? throw new ServiceCtlException(error) : (peer, report);
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <param name="order">What it is to do.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="code">A file that is sent with the order; null for none.</param>
    /// <param name="cancellation">Gives up; the host withdraws what is at work.</param>
    /// <returns>What came of it; what the order failed by is a part of it.</returns>
    /// <exception cref="ServiceCtlException">The connection has failed, or the host was silent too long.</exception>
    public async Task<HostReport> AskAsync(HostOrder order, TimeSpan limit, string? code, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        try
        {
            // A write to a host that reads nothing any more can't be cancelled; to close the channel ends it.
            var sending = SendAsync(order, code, patience.Token);
            var report = await ListenAsync(patience.Token).WaitAsync(patience.Token);
            await sending.WaitAsync(patience.Token);
            return report.Error is { } error ? report with { Error = error with { HostName = _host.Name } } : report;
        }
        catch (Exception error) when (error is IOException or JsonException or ObjectDisposedException or InvalidOperationException)
        {
            throw Give(new ServiceCtlException(_channel.Lost(error).Report with { HostName = _host.Name }, error));
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw Give(Silent(string.Create(CultureInfo.InvariantCulture,
                $"The host did not finish its step ({Words(order)}) within {limit.TotalSeconds:0} s."),
                "Look at it there; `rollout.timeout` says how long a step may take.", error));
        }
        catch (TimeoutException error)
        {
            throw Give(Silent(
                $"The host was silent for {FrameStream.Silence.TotalSeconds:0} s during its step ({Words(order)}).",
                $"Look at it there: 'ssh {_host.Ssh}'.", error));
        }
        catch (OperationCanceledException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The work is done, and the lock there is given back.</summary>
    public async Task CloseAsync()
    {
        if (!IsLost)
        {
            try
            {
                using var patience = new CancellationTokenSource(FrameStream.Beat);
                await SendAsync(new HostOrder { Kind = HostOrderKind.Close }, null, patience.Token).WaitAsync(patience.Token);
                while (await _frames.ReadAsync(patience.Token).WaitAsync(patience.Token) is not null)
                    continue;
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // It gives the lock back all the same, when it notices that nobody is there.
            }
        }

        Dispose();
    }

    public void Dispose()
    {
        IsLost = true;
        _beat.Dispose();
        _channel.Dispose();
    }

    private static string Words(HostOrder order) =>
        (order.Name ?? (order.Kind == HostOrderKind.Phase ? $"{order.Phase}" : $"{order.Kind}")).ToLowerInvariant();

    private async Task SendAsync(HostOrder order, string? code, CancellationToken cancellation)
    {
        await _frames.WriteAsync(FrameKind.Message, JsonSerializer.SerializeToUtf8Bytes(order, FleetJson.Default.HostOrder), cancellation);
        if (code is null)
            return;
        await using var file = new FileStream(code, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        var piece = new byte[Piece];
        while (await file.ReadAsync(piece, cancellation) is > 0 and var count)
            await _frames.WriteAsync(FrameKind.Code, piece.AsMemory(0, count), cancellation);
        await _frames.WriteAsync(FrameKind.CodeEnd, default, cancellation);
    }

    private async Task<HostReport> ListenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var frame = await _frames.ReadAsync(cancellation).WaitAsync(FrameStream.Silence, cancellation)
                ?? throw new IOException("it has ended");
            if (frame.Kind != FrameKind.Message)
                continue;
            var report = JsonSerializer.Deserialize(frame.Content, FleetJson.Default.HostReport) ?? throw new JsonException();
            if (report.Step is not { } step)
                return report;
            _progress?.Report(step with { HostName = _host.Name });
        }
    }

    private void Live()
    {
        // Failures are noticed by whoever waits for an answer.
        _ = _frames.WriteAsync(FrameKind.Alive, default, CancellationToken.None)
            .ContinueWith(static written => _ = written.Exception, TaskScheduler.Default);
    }

    private ServiceCtlException Give(ServiceCtlException error)
    {
        Dispose();
        return error;
    }

    private ServiceCtlException Silent(string message, string advice, Exception error) => new(
        new ErrorReport
        {
            Code = ErrorCode.TimedOut,
            Target = _host.Name,
            HostName = _host.Name,
            Message = message,
            Advice = advice,
        }, error);
}
