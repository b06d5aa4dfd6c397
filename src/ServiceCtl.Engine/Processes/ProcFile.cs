using System.Runtime.InteropServices;
using System.Text;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Files of /proc, read with three system calls: <see cref="File"/> takes twice as many and needs a length, which these don't have.
/// </summary>
internal static unsafe class ProcFile
{
    /// <returns>The number of bytes, at most the buffer's length; -1 when it can't be read: no such process, or not allowed.</returns>
    internal static int TryRead(string path, Span<byte> buffer)
    {
        int descriptor = Open(path);
        if (descriptor < 0)
            return -1;
        try
        {
            int length = 0;
            while (length < buffer.Length)
            {
                int count = ReadSome(descriptor, buffer[length..]);
                if (count < 0)
                    return -1;
                if (count == 0)
                    break;
                length += count;
            }

            return length;
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    /// <returns>The content, as far as it may be; null when it can't be read.</returns>
    internal static byte[]? TryReadAll(string path, int most = int.MaxValue)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            int length = TryRead(path, buffer);
            if (length < 0)
                return null;
            if (length < buffer.Length || length == most)
                return buffer.AsSpan(0, length).ToArray();
            buffer = new byte[Math.Min(buffer.Length * 4L, most)];
        }
    }

    internal static string? TryReadLink(string path)
    {
        byte* buffer = stackalloc byte[4096];
        nint length = Libc.ReadLink(path, buffer, 4096);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }

    private static int Open(string path)
    {
        int descriptor;
        do
        {
            descriptor = Libc.Open(path, LinuxConstants.OpenReadOnly | LinuxConstants.OpenCloseOnExec);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.TooManyFiles or Errno.TooManyFilesInSystem)
            throw SystemError.Last($"read {path}", path);
        return descriptor;
    }

    private static int ReadSome(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do
            {
                count = Libc.Read(descriptor, start, buffer.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
            return (int)count;
        }
    }
}
