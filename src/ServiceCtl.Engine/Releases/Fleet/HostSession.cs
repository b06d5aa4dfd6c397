using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>
/// The end of a deploy that is on a host: it does what is ordered of it, one after the other. Where whoever deploys is gone, because the
/// connection has ended or nothing was heard for long, what is at work is withdrawn, and the lock is given back.
/// </summary>
internal sealed class HostSession(Stream input, Stream output, Func<HostStage, DeployContext> contextOf)
{
    private const int Backlog = 1 << 20;

    private readonly FrameStream _frames = new(input, output);
    private readonly Channel<(HostOrder Order, PipeReader? Code)> _orders = Channel.CreateUnbounded<(HostOrder, PipeReader?)>();
    private readonly Channel<(FrameKind Kind, byte[] Content)> _said = Channel.CreateUnbounded<(FrameKind, byte[])>();

    private long _heardAt = Environment.TickCount64;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        _ = ListenAsync(gone);
        Task[] others = [SayAsync(gone), LiveAsync(gone, end.Token)];
        try
        {
            await WorkAsync(gone.Token);
        }
        finally
        {
            _said.Writer.Complete();
            await end.CancelAsync();
            await Task.WhenAll(others);
            await gone.CancelAsync();
        }
    }

    private async Task WorkAsync(CancellationToken gone)
    {
        var (opening, _) = await _orders.Reader.ReadAsync(gone);
        if (opening is not { Kind: HostOrderKind.Open, Stage: { } stage })
        {
            Say(new HostReport { Error = HostWork.Unknown(opening).Report });
            return;
        }

        try
        {
            var context = contextOf(stage);
            var work = new HostWork(context, Say);
            if (stage.Work is { } what)
                await work.RunUnderLockAsync(what, _orders.Reader, gone);
            else
                await work.RunAsync(_orders.Reader, gone);
        }
        catch (ServiceCtlException error)
        {
            Say(new HostReport { Error = error.Report });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say(new HostReport { Error = DiskFault.Report(stage.Settings.DeployTo, error.Message) });
        }
    }

    private void Say(HostReport report) =>
        _said.Writer.TryWrite((FrameKind.Message, JsonSerializer.SerializeToUtf8Bytes(report, FleetJson.Default.HostReport)));

    private async Task ListenAsync(CancellationTokenSource gone)
    {
        PipeWriter? code = null;
        try
        {
            while (await _frames.ReadAsync(gone.Token) is { } frame)
            {
                Volatile.Write(ref _heardAt, Environment.TickCount64);
                switch (frame.Kind)
                {
                    case FrameKind.Message:
                        var order = JsonSerializer.Deserialize(frame.Content, FleetJson.Default.HostOrder) ?? throw new JsonException();
                        // Bounded: a disk that is slow makes the sender wait, and the memory does not grow.
                        var pipe = order.HasCode ? new Pipe(new PipeOptions(pauseWriterThreshold: Backlog)) : null;
                        code = pipe?.Writer;
                        _orders.Writer.TryWrite((order, pipe?.Reader));
                        break;
                    case FrameKind.Code when code is not null:
                        await code.WriteAsync(frame.Content, gone.Token);
                        break;
                    case FrameKind.CodeEnd when code is not null:
                        await code.CompleteAsync();
                        code = null;
                        break;
                }
            }
        }
        catch (Exception error) when (error is IOException or JsonException or OperationCanceledException or ObjectDisposedException)
        {
            // Whatever it was, nothing more is to be understood.
        }

        await gone.CancelAsync();
    }

    private async Task SayAsync(CancellationTokenSource gone)
    {
        try
        {
            await foreach (var (kind, content) in _said.Reader.ReadAllAsync(CancellationToken.None))
                await _frames.WriteAsync(kind, content, gone.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            await gone.CancelAsync();
        }
    }

    private async Task LiveAsync(CancellationTokenSource gone, CancellationToken end)
    {
        using var beat = new PeriodicTimer(FrameStream.Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(end))
            {
                _said.Writer.TryWrite((FrameKind.Alive, []));
                if (Environment.TickCount64 - Volatile.Read(ref _heardAt) > FrameStream.Silence.TotalMilliseconds)
                    await gone.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done, or nobody wants it any more.
        }
    }
}
