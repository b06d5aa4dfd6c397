using System.Runtime.InteropServices;
using System.Text;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>Writes the control files of cgroups: each write is one command, and its error the answer.</summary>
internal static unsafe class CgroupFile
{
    /// <returns>0, or the error number.</returns>
    internal static int TryWrite(string path, string text)
    {
        int number = Libc.Open(path, LinuxConstants.OpenWriteOnly | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            return Marshal.GetLastPInvokeError();
        using Descriptor file = new(number);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            while (Libc.Write(file, start, bytes.Length) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error != Errno.Interrupted)
                    return error;
            }
        }

        return 0;
    }
}
