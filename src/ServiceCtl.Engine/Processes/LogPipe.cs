using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// The named pipe that takes a service's output. The service itself holds it open for reading and writing, so that it gets no SIGPIPE,
/// and what it printed stays in the pipe, when the agent dies; the next agent opens the same path and reads on.
/// </summary>
/// <remarks>What is in the pipe is lost only when nobody has it open any more: agent and service both killed.</remarks>
public sealed class LogPipe : IDisposable
{
    /// <summary>Bytes the pipe can hold when we are root.</summary>
    public const int Capacity = 1024 * 1024;

    // Other users have 64 MiB for all their pipes (fs.pipe-user-pages-soft); beyond, each new pipe gets two pages.
    private const int SmallCapacity = 256 * 1024;

    private const uint OwnerOnly = 0x180; // 0600

    private LogPipe(string path, Descriptor reader)
    {
        Path = path;
        Reader = reader;
    }

    public string Path { get; }

    /// <summary>
    /// Non-blocking. Ours has the writing side too: there is no end of file, so nothing spins when the service closes its output.
    /// </summary>
    internal Descriptor Reader { get; }

    /// <summary>Opens the pipe, and makes it with mode 0600 if it is not there. Its folder must exist and belong to us alone.</summary>
    /// <exception cref="ServiceCtlException">The kernel refuses, or something else has that name.</exception>
    public static LogPipe Open(string path)
    {
        if (Libc.MakeFifo(path, OwnerOnly) != 0 && Marshal.GetLastPInvokeError() != Errno.Exists)
            throw SystemError.Last($"make the named pipe {path}", path);

        const int flags = LinuxConstants.OpenReadWrite | LinuxConstants.OpenNonBlocking | LinuxConstants.OpenCloseOnExec;
        int number = Libc.Open(path, flags);
        if (number < 0)
            throw SystemError.Last($"open the named pipe {path}", path);
        Descriptor reader = new(number);
        int capacity = Libc.Fcntl(reader, LinuxConstants.GetPipeSize, 0);
        if (capacity < 0)
        {
            reader.Dispose();
            throw new ServiceCtlException(ErrorCode.System, path, $"{path} is not a named pipe.",
                "Remove it; it is made again at the next start.");
        }

        // A pipe that stays smaller only makes a chatty service wait sooner.
        int wanted = Environment.IsPrivilegedProcess ? Capacity : SmallCapacity;
        if (capacity < wanted)
            _ = Libc.Fcntl(reader, LinuxConstants.SetPipeSize, wanted);
        return new LogPipe(path, reader);
    }

    /// <summary>
    /// The handle for the service's standard output and error: blocking, read and write. The caller closes it after the spawn.
    /// </summary>
    /// <exception cref="ServiceCtlException">The kernel refuses.</exception>
    public SafeFileHandle OpenForService()
    {
        // Through the descriptor: this very pipe, whatever has its name by now, with file status flags of its own.
        int number = Libc.Open($"/proc/self/fd/{Reader.Number}", LinuxConstants.OpenReadWrite | LinuxConstants.OpenCloseOnExec);
        return number >= 0 ? new SafeFileHandle(number, ownsHandle: true) : throw SystemError.Last($"open the named pipe {Path}", Path);
    }

    public void Dispose() => Reader.Dispose();

    /// <summary>Bytes in the pipe now.</summary>
    internal unsafe int Waiting()
    {
        int count = 0;
        return Libc.Ioctl(Reader, LinuxConstants.BytesWaiting, &count) == 0
            ? count : throw SystemError.Last($"look into the named pipe {Path}", Path);
    }

    /// <summary>Takes bytes out of the pipe.</summary>
    /// <returns>0 when it is empty.</returns>
    internal unsafe int Read(Span<byte> buffer)
    {
        fixed (byte* target = buffer)
        {
            nint count = Libc.Read(Reader, target, buffer.Length);
            return count >= 0 ? (int)count : NothingOrThrow();
        }
    }

    /// <summary>
    /// Moves bytes from the pipe into a file, within one system call: whoever is killed meanwhile, each byte is either in the file or still
    /// in the pipe.
    /// </summary>
    /// <param name="file">Takes them.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <param name="offset">Where.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>0 when the pipe is empty.</returns>
    /// <exception cref="ServiceCtlException">The file can't be written. Nothing has left the pipe.</exception>
    internal unsafe long MoveTo(SafeFileHandle file, string path, long offset, long count)
    {
        nint moved = Libc.Splice(Reader, null, file, &offset, (nint)count, LinuxConstants.SpliceNonBlocking);
        return moved < 0 ? NothingOrThrow(path) : moved;
    }

    private int NothingOrThrow(string? file = null) => Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted
        ? 0
        : throw SystemError.Last(file is null ? $"read the named pipe {Path}" : $"write {file}", file ?? Path);
}
