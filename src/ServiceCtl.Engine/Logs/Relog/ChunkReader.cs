using System.Runtime.ExceptionServices;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// Reads a part of a log in chunks, which several workers look through side by side, and hands them over in their order. At any time
/// only a few chunks are in memory. Files are read, not mapped: one that is truncated meanwhile would end the process.
/// </summary>
internal sealed class ChunkReader
{
    /// <summary>Bytes. Two of them, and what is made of them, fit into a processor's cache.</summary>
    internal const int DefaultChunk = 256 * 1024;

    private readonly int _chunkSize;
    private readonly int _workers;

    /// <param name="chunkSize">Bytes.</param>
    /// <param name="workers">Threads that read and look through chunks.</param>
    internal ChunkReader(int chunkSize = DefaultChunk, int workers = 2)
    {
        _chunkSize = chunkSize;
        _workers = workers;
    }

    /// <param name="file">What to read.</param>
    /// <param name="from">Where to begin, in bytes.</param>
    /// <param name="to">Where to stop; a file that is shorter ends before.</param>
    /// <param name="take">Gets one chunk at a time, and does not keep it. Called on several threads, never at the same time.</param>
    /// <param name="cancellation">Stops between two chunks.</param>
    /// <returns>How much there was.</returns>
    internal long Read(SourceFile file, long from, long to, Action<LogChunk> take, CancellationToken cancellation)
    {
        long size = to - from;
        if (size <= 0)
            return 0;
        using Pass pass = new(this, new Part(file, from, to), take, cancellation);
        if (size <= _chunkSize || _workers == 1)
            pass.Work();
        else
            pass.WorkTogether();
        return pass.Finish();
    }

    private sealed class Pass(ChunkReader reader, Part part, Action<LogChunk> take, CancellationToken cancellation) : IDisposable
    {
        private readonly Lock _reading = new();
        private readonly Lock _ordering = new();
        private readonly SemaphoreSlim _free = new(reader._workers * 3);
        private readonly Stack<LogChunk> _unused = new();
        private readonly Dictionary<long, LogChunk> _waiting = [];
        private readonly int _capacity = (int)Math.Min(reader._chunkSize, part.To - part.From);
        private long _readTo = part.From;
        private long _nextRead;
        private long _nextTaken;
        private long _taken;
        private bool _isTaking;
        private bool _ended;
        private ExceptionDispatchInfo? _failure;

        internal void WorkTogether()
        {
            Thread[] helpers = [
                .. Enumerable.Range(1, reader._workers - 1).Select(_ => new Thread(Work) { IsBackground = true, Name = "relog" })];
            foreach (Thread helper in helpers)
                helper.Start();
            Work();
            foreach (Thread helper in helpers)
                helper.Join();
        }

        internal void Work()
        {
            try
            {
                while (Volatile.Read(ref _failure) is null && Next() is { } chunk)
                {
                    chunk.Scan();
                    HandOver(chunk);
                }
            }
#pragma warning disable CA1031 // The other workers have to stop, and whoever called has to hear of it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _failure, ExceptionDispatchInfo.Capture(error));
                _free.Release(reader._workers);
            }
        }

        internal long Finish()
        {
            _failure?.Throw();
            return _taken;
        }

        public void Dispose() => _free.Dispose();

        private LogChunk? Next()
        {
            // The worker that has the chunk whose turn it is never waits here, so there is always one that comes back.
            _free.Wait(cancellation);
            LogChunk? chunk;
            long at;
            lock (_reading)
            {
                if (!_unused.TryPop(out chunk))
                    chunk = new LogChunk(_capacity);
                at = _readTo;
                chunk.Index = _nextRead++;
                chunk.Offset = at;
                chunk.Length = (int)Math.Min(chunk.Buffer.Length, part.To - at);
                _readTo += chunk.Length;
                // What is compressed comes one after the other.
                if (part.File.IsCompressed)
                    chunk.Length = part.File.Read(chunk.Buffer.AsSpan(0, chunk.Length), at);
            }

            if (!part.File.IsCompressed)
                chunk.Length = part.File.Read(chunk.Buffer.AsSpan(0, chunk.Length), at);
            if (chunk.Length > 0)
                return chunk;
            _free.Release(reader._workers);
            return null;
        }

        /// <summary>Whoever brings a chunk while nobody is at it passes on all those whose turn it is; the others go on reading.</summary>
        private void HandOver(LogChunk chunk)
        {
            lock (_ordering)
            {
                _waiting[chunk.Index] = chunk;
                if (_isTaking)
                    return;
                _isTaking = true;
            }

            while (NextInOrder() is { } next)
            {
                // A file that was truncated meanwhile: what is read behind its end is of another one.
                if (!_ended)
                {
                    take(next);
                    _taken += next.Length;
                }

                _ended |= next.Length < Math.Min(next.Buffer.Length, part.To - next.Offset);
                lock (_reading)
                    _unused.Push(next);
                _free.Release();
            }
        }

        private LogChunk? NextInOrder()
        {
            lock (_ordering)
            {
                _isTaking = _waiting.Remove(_nextTaken, out LogChunk? next);
                if (_isTaking)
                    _nextTaken++;
                return next;
            }
        }
    }

    private sealed record Part(SourceFile File, long From, long To);
}
