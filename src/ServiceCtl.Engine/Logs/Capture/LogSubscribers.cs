namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>Who gets what is captured of a log. Safe to use from several threads.</summary>
/// <param name="failed">Takes what a handler has thrown. It gets nothing more then.</param>
internal sealed class LogSubscribers(Action<Exception> failed)
{
    private readonly Lock _gate = new();
    private volatile LogBlockHandler[] _handlers = [];

    internal bool IsEmpty => _handlers.Length == 0;

    /// <summary>Gives everything that is captured from now on to a handler, until the result is disposed of.</summary>
    internal IDisposable Add(LogBlockHandler handler)
    {
        lock (_gate)
            _handlers = [.. _handlers, handler];
        return new Subscription(this, handler);
    }

    internal void Publish(ReadOnlySpan<byte> block)
    {
        foreach (LogBlockHandler handler in _handlers)
        {
            try
            {
                handler(block);
            }
#pragma warning disable CA1031 // Whatever a subscriber throws: the output of all services depends on this thread.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Remove(handler);
                failed(error);
            }
        }
    }

    private void Remove(LogBlockHandler handler)
    {
        lock (_gate)
            _handlers = [.. _handlers.Where(other => other != handler)];
    }

    private sealed class Subscription(LogSubscribers owner, LogBlockHandler handler) : IDisposable
    {
        public void Dispose() => owner.Remove(handler);
    }
}
