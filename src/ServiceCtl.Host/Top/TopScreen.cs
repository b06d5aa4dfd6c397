using System.Runtime.InteropServices;
using System.Threading.Channels;
using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Top;

/// <summary>
/// The live view: keys, figures, and what becomes of orders change a <see cref="TopModel"/>, one after the other; each change is drawn.
/// </summary>
internal sealed class TopScreen : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ServiceCtlClient _client;
    private readonly IReadOnlyList<string> _patterns;
    private readonly TimeProvider _time;
    private readonly Channel<Func<TopModel, TopModel>> _changes = Channel.CreateUnbounded<Func<TopModel, TopModel>>();
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private CancellationTokenSource _log = new();

    public TopScreen(ServiceCtlClient client, IReadOnlyList<string> patterns, TimeProvider time)
    {
        _client = client;
        _patterns = patterns;
        _time = time;
    }

    /// <summary>Shows the view until q or Ctrl+C.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminal = new Terminal();
        using var resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Post(model => model));
        var looking = LookAsync(end.Token);
        // Reading a key can't be cancelled: the thread ends with the process.
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        try
        {
            var model = new TopModel();
            while (await _changes.Reader.WaitToReadAsync(end.Token))
            {
                while (_changes.Reader.TryRead(out var change))
                    model = change(model);
                terminal.Draw(TopPage.Create(model, _time.GetLocalNow(), Terminal.Height));
            }
        }
        finally
        {
            await end.CancelAsync();
            await _log.CancelAsync();
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _log.Dispose();

    private void Post(Func<TopModel, TopModel> change) => _changes.Writer.TryWrite(change);

    private void Show(string message) => Post(model => model with { Message = message });

    private async Task LookAsync(CancellationToken cancellation)
    {
        var last = _time.GetTimestamp();
        while (true)
        {
            try
            {
                var figures = await _client.Services.GetFiguresAsync(_patterns, cancellation);
                var elapsed = _time.GetElapsedTime(last);
                last = _time.GetTimestamp();
                Post(model => model.With(figures, elapsed));
            }
            catch (ServiceCtlException error)
            {
                Post(model => model with { Outage = error.Message });
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var asked = _looks.Reader.WaitToReadAsync(pause.Token).AsTask();
            await Task.WhenAny(asked, Task.Delay(LookEvery, _time, pause.Token));
            await pause.CancelAsync();
            _looks.Reader.TryRead(out _);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void ReadKeys()
    {
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            Post(model => Press(model, key));
        }
    }

    private TopModel Press(TopModel model, ConsoleKeyInfo key)
    {
        if (model.IsFiltering)
            return Edit(model, key);
        if (model.Asked is { } asked)
        {
            if (key.KeyChar is 'y' or 'Y')
                Order(model, asked);
            return model with { Asked = null };
        }

        if (model.LogOf is not null && key.Key is not ConsoleKey.Q)
            return key.Key is ConsoleKey.Escape or ConsoleKey.L or ConsoleKey.Backspace ? CloseLog(model) : model;
        return (key.Key, key.KeyChar) switch
        {
            (ConsoleKey.UpArrow, _) or (_, 'k') => model.Move(-1),
            (ConsoleKey.DownArrow, _) or (_, 'j') => model.Move(1),
            (ConsoleKey.PageUp, _) => model.Move(-10),
            (ConsoleKey.PageDown, _) => model.Move(10),
            (ConsoleKey.Home, _) => model.Move(int.MinValue / 2),
            (ConsoleKey.End, _) => model.Move(int.MaxValue / 2),
            (_, '/') => model with { IsFiltering = true },
            (ConsoleKey.Escape, _) => model with { Filter = "", Message = "" },
            (_, 'r') => Order(model, ServiceAction.Restart),
            (_, 'h') => Order(model, ServiceAction.HotRestart),
            (_, 's') when model.Current?.Status.Pid is not null => model with { Asked = ServiceAction.Stop },
            (_, 's') => Order(model, ServiceAction.Start),
            (_, 'l') => OpenLog(model),
            (_, 'q') => Quit(model),
            _ => model,
        };
    }

    private static TopModel Edit(TopModel model, ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => model with { IsFiltering = false },
        ConsoleKey.Escape => model with { IsFiltering = false, Filter = "" },
        ConsoleKey.Backspace => model with { Filter = model.Filter.Length > 0 ? model.Filter[..^1] : "" },
        _ => char.IsControl(key.KeyChar) ? model : model with { Filter = model.Filter + key.KeyChar },
    };

    private TopModel Quit(TopModel model)
    {
        _changes.Writer.TryComplete();
        return model;
    }

    private TopModel Order(TopModel model, ServiceAction action)
    {
        if (model.Current is { Status.Name: var name })
            _ = OrderAsync(action, name);
        return model;
    }

    private async Task OrderAsync(ServiceAction action, string name)
    {
        Show($"{action} {name} ...");
        try
        {
            var steps = new Steps(step => Show($"{name}: {step.Step}"));
            await foreach (var result in _client.Services.OperateAsync(new OperationRequest { Action = action, Services = [name] }, steps,
                CancellationToken.None))
                Show(result.Message);
        }
        catch (ServiceCtlException error)
        {
            Show(error.Message);
        }

        _looks.Writer.TryWrite(true);
    }

    private TopModel OpenLog(TopModel model)
    {
        if (model.Current is not { Status.Name: var name })
            return model;
        _ = FollowAsync(name, _log.Token);
        return model with { LogOf = name, LogLines = [] };
    }

    private TopModel CloseLog(TopModel model)
    {
        _log.Cancel();
        _log.Dispose();
        _log = new CancellationTokenSource();
        return model with { LogOf = null, LogLines = [] };
    }

    private async Task FollowAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var request = new LogRequest { Services = [name], Tail = Terminal.Height, Follow = true };
            await foreach (var line in _client.Logs.ReadAsync(request, cancellation))
                Post(model => model.With(line));
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
        catch (ServiceCtlException error)
        {
            Show(error.Message);
        }
    }

    /// <summary>At once, on the thread that tells it.</summary>
    private sealed class Steps(Action<OperationProgress> report) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => report(value);
    }
}
