namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>Errors of the kernel that are distinguished.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;        // EPERM
    internal const int NoEntry = 2;             // ENOENT
    internal const int NoProcess = 3;           // ESRCH
    internal const int Interrupted = 4;         // EINTR
    internal const int ArgumentsTooLong = 7;    // E2BIG
    internal const int NotExecutable = 8;       // ENOEXEC
    internal const int BadDescriptor = 9;       // EBADF
    internal const int NoChild = 10;            // ECHILD
    internal const int TryAgain = 11;           // EAGAIN
    internal const int OutOfMemory = 12;        // ENOMEM
    internal const int AccessDenied = 13;       // EACCES
    internal const int Exists = 17;             // EEXIST
    internal const int NotDirectory = 20;       // ENOTDIR
    internal const int Invalid = 22;            // EINVAL
    internal const int TooManyFilesInSystem = 23; // ENFILE
    internal const int TooManyFiles = 24;       // EMFILE
    internal const int TextBusy = 26;           // ETXTBSY
    internal const int NoSpace = 28;            // ENOSPC
    internal const int NotImplemented = 38;     // ENOSYS
    internal const int Loop = 40;               // ELOOP
    internal const int QuotaExceeded = 122;     // EDQUOT
}
