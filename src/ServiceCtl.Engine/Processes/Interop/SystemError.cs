using System.Runtime.InteropServices;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>An error number of the kernel as the exception that users meet.</summary>
internal static class SystemError
{
    /// <summary>Of the call made last on this thread; <paramref name="attempt"/> is what it tried, as in "can't …".</summary>
    internal static ServiceCtlException Last(string attempt, string? target = null) => Of(Marshal.GetLastPInvokeError(), attempt, target);

    internal static ServiceCtlException Of(int error, string attempt, string? target = null) => new(
        error is Errno.NotPermitted or Errno.AccessDenied ? ErrorCode.AccessDenied : ErrorCode.System,
        target,
        $"Can't {attempt}: {Text(error)}.",
        Advice(error));

    internal static string Text(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";

    private static string? Advice(int error) => error switch
    {
        Errno.TooManyFiles => "Raise the limit of open files of this process (ulimit -n, LimitNOFILE=).",
        Errno.TooManyFilesInSystem => "Raise fs.file-max, or end what holds so many files open.",
        Errno.NoSpace => "Free space (or inodes: df -i) on that file system.",
        Errno.QuotaExceeded => "Free space of this user there, or raise the quota.",
        Errno.NotImplemented => "ServiceCtl needs Linux 5.4 or newer.",
        _ => null,
    };
}
