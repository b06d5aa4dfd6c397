using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServiceCtl.Engine.Processes;

/// <summary>What to launch. Nothing is inherited but the umask, the limits, the user and the priority.</summary>
public sealed record ProcessSpec
{
    /// <summary>Absolute path of the program. <c>PATH</c> is not searched.</summary>
    public required string FileName { get; init; }

    /// <summary>The arguments, without the program's own name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The whole environment of the child.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Absolute path of an existing directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Null: <c>/dev/null</c>.</summary>
    internal SafeHandle? StandardInput { get; init; }

    /// <summary>Null: <c>/dev/null</c>.</summary>
    public SafeFileHandle? StandardOutput { get; init; }

    /// <summary>Null: <c>/dev/null</c>.</summary>
    public SafeFileHandle? StandardError { get; init; }

    /// <summary>
    /// They become descriptors 3, 4, … of the child, in this order. Flags of the open file, O_NONBLOCK among them, are shared
    /// with the child: an asynchronous operation of <see cref="System.Net.Sockets.Socket"/> on a socket makes it non-blocking there too.
    /// </summary>
    public IReadOnlyList<SafeHandle> PassedDescriptors { get; init; } = [];

    /// <summary>What it sees of the file system; null: what this process does.</summary>
    internal FileSystemView? View { get; init; }

    /// <summary>The same, for whoever reads its output while it runs: without the descriptors and the view.</summary>
    internal ProcessStartInfo ToStartInfo()
    {
        var start = new ProcessStartInfo(FileName, Arguments) { WorkingDirectory = WorkingDirectory, UseShellExecute = false };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }
}
