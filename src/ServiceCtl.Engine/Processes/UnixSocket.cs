namespace ServiceCtl.Engine.Processes;

/// <summary>A Unix socket, as the kernel describes it.</summary>
/// <param name="State">As of TCP.</param>
/// <param name="Inode">What /proc/PID/fd shows; 0 of a connection that nobody has accepted yet.</param>
/// <param name="Name">What was bound; an accepted connection has its listener's.</param>
/// <param name="Id">The kernel's cookie.</param>
/// <param name="Queued">Connections that wait at a listener; bytes that wait at a connection.</param>
/// <param name="File">The lower half of the inode of the file that was made by bind, wherever that file is by now; null of one
/// without.</param>
internal readonly record struct UnixSocket(int State, long Inode, string Name, ulong Id, int Queued, uint? File);
