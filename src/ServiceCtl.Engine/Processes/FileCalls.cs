using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// What is done to files by their names in one call of the kernel's, where .NET makes several of it or says too little when it fails.
/// </summary>
internal static class FileCalls
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Opens a file for reading and writing, and makes one that its owner alone can read if it is not there.</summary>
    /// <exception cref="ServiceCtlException">The file, or its folder, can't be made or written.</exception>
    /// <exception cref="IOException">It is no regular file.</exception>
    internal static SafeFileHandle OpenOrMake(string path)
    {
        int number = Libc.Open(path, LinuxConstants.OpenReadWrite | LinuxConstants.OpenCreate | LinuxConstants.OpenCloseOnExec, OwnerOnly);
        if (number < 0)
            throw SystemError.Last($"open {path} for writing", path);
        SafeFileHandle file = new(number, ownsHandle: true);
        if (FileFacts.Of(file).IsRegular)
            return file;
        file.Dispose();
        throw new IOException($"{path} is not a regular file.");
    }

    /// <summary>Gives a file another name, in the place of what has that. One that is not there is none to be renamed.</summary>
    /// <exception cref="ServiceCtlException">It can't be renamed.</exception>
    internal static void Rename(string from, string to)
    {
        if (Libc.Rename(from, to) != 0 && Marshal.GetLastPInvokeError() != Errno.NoEntry)
            throw SystemError.Last($"rename {from} to {to}", from);
    }

    /// <summary>Deletes a file, if it is there.</summary>
    /// <exception cref="ServiceCtlException">It can't be deleted.</exception>
    internal static void Delete(string path)
    {
        if (Libc.Unlink(path) != 0 && Marshal.GetLastPInvokeError() != Errno.NoEntry)
            throw SystemError.Last($"delete {path}", path);
    }

    /// <summary>The same; it may stay.</summary>
    internal static void TryDelete(string path) => _ = Libc.Unlink(path);
}
