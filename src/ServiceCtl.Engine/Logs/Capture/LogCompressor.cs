using System.Collections.Concurrent;
using System.IO.Compression;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>
/// Compresses rotated files, one after the other. The plain file goes when the compressed one is complete and on the disk.
/// </summary>
internal sealed class LogCompressor : IDisposable
{
    private const int BlockSize = 64 * 1024;

    private readonly BlockingCollection<(CapturedLog Log, RotatedFile File)> _work = [];
    private readonly Lock _gate = new();
    private Thread? _thread;
    private volatile bool _disposed;

    internal void Add(CapturedLog log, RotatedFile file)
    {
        if (file.Compressed)
            return;
        lock (_gate)
        {
            if (_disposed)
                return;
            // Most hosts never compress: no thread for them.
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "log compressor" };
                _thread.Start();
            }

            _work.Add((log, file));
        }
    }

    /// <summary>What is left to do is found again at the next start.</summary>
    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        _work.CompleteAdding();
        _thread?.Join();
        _work.Dispose();
    }

    private void Run()
    {
        OwnThread.LowerPriority();
        foreach ((CapturedLog log, RotatedFile file) in _work.GetConsumingEnumerable())
        {
            string part = log.FilePath + RotatedFiles.PartSuffix;
            try
            {
                if (!_disposed)
                    Compress(log, file, part);
            }
            catch (Exception error) when (LogFile.IsFault(error))
            {
                log.Report(LogProblemKind.CompressionFailed, $"A rotated log of {log.Service} stays uncompressed: {error.Message}");
            }
            finally
            {
                FileCalls.TryDelete(part);
            }
        }
    }

    private void Compress(CapturedLog log, RotatedFile file, string part)
    {
        using FileStream? source = log.OpenRotated(file);
        if (source is not null && TryWrite(source, part, () => _disposed || file.Deleted))
            log.ReplaceRotated(file, part);
    }

    /// <summary>
    /// Writes a log, compressed and with its time, to a file that its owner alone can read. It is on the disk when this returns.
    /// </summary>
    /// <param name="source">The log.</param>
    /// <param name="part">The file, which may be there half-written.</param>
    /// <param name="isUnwanted">Is asked for each block.</param>
    /// <returns>False when it was not wanted any more.</returns>
    internal static bool TryWrite(FileStream source, string part, Func<bool> isUnwanted)
    {
        using (FileStream target = new(part, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = FileModes.Private,
            BufferSize = 0,
        }))
        {
            using (GZipStream zip = new(target, CompressionLevel.Optimal, leaveOpen: true))
            {
                byte[] buffer = new byte[BlockSize];
                while (source.Read(buffer) is var count and > 0)
                {
                    if (isUnwanted())
                        return false;
                    zip.Write(buffer, 0, count);
                }
            }

            target.Flush(flushToDisk: true);
        }

        File.SetLastWriteTimeUtc(part, File.GetLastWriteTimeUtc(source.SafeFileHandle));
        return true;
    }
}
