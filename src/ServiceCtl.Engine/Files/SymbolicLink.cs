using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>Links that are replaced in one step.</summary>
internal static class SymbolicLink
{
    /// <summary>From one moment to the next the name points there, wherever it pointed before, and also after the machine's end.</summary>
    /// <exception cref="IOException">It can't be made; the message is the reason alone.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, where the folder may not be written.</exception>
    internal static void Point(string name, string target)
    {
        string next = name + ".next";
        File.Delete(next);
        File.CreateSymbolicLink(next, target);
        // File.Move takes a link to a folder for a folder, and refuses.
        if (Libc.Rename(next, name) == 0)
        {
            DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(name))!);
            return;
        }

        string reason = System.Runtime.InteropServices.Marshal.GetLastPInvokeErrorMessage();
        File.Delete(next);
        throw new IOException(reason);
    }
}
