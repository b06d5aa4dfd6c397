using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>Looks at what a pipe holds without taking it out: tee(2) into a pipe of our own.</summary>
internal sealed unsafe class PipePeek : IDisposable
{
    private const int Size = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Descriptor _output;
    private readonly Descriptor _input;
    private readonly byte[] _buffer = new byte[Size];

    internal PipePeek()
    {
        int* ends = stackalloc int[2];
        if (Libc.Pipe(ends, LinuxConstants.OpenCloseOnExec | LinuxConstants.OpenNonBlocking) != 0)
            throw SystemError.Last("make a pipe");
        _output = new Descriptor(ends[0]);
        _input = new Descriptor(ends[1]);
    }

    /// <summary>
    /// How many bytes there are up to and with the next line end; where none is in sight, how many could be seen. 0 only when the pipe is
    /// empty.
    /// </summary>
    internal int BytesToLineEnd(LogPipe pipe)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> next = Look(pipe);
            int end = next.IndexOf((byte)'\n');
            return end < 0 ? next.Length : end + 1;
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
    }

    private ReadOnlySpan<byte> Look(LogPipe pipe)
    {
        nint copied = Libc.Tee(pipe.Reader, _input, Size, LinuxConstants.SpliceNonBlocking);
        if (copied < 0)
        {
            return Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted
                ? []
                : throw SystemError.Last($"look into the named pipe {pipe.Path}", pipe.Path);
        }

        int total = 0;
        fixed (byte* buffer = _buffer)
        {
            while (total < copied)
            {
                nint count = Libc.Read(_output, buffer + total, copied - total);
                if (count < 0 && Marshal.GetLastPInvokeError() != Errno.Interrupted)
                    throw SystemError.Last("read a pipe");
                total += (int)Math.Max(count, 0);
            }
        }

        return _buffer.AsSpan(0, total);
    }
}
