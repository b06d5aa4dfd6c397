using System.Text;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Projects;

/// <summary>
/// The files of a project, as they are and as they become: all that is asked for, or, when something fails, as it was. Nothing is followed
/// that leads out of the folder.
/// </summary>
/// <param name="Root">The folder, with the rights of whoever may work there.</param>
internal sealed record ProjectFolder(string Root)
{
    /// <summary>Bytes; more is no text that somebody works on.</summary>
    private const int LongestText = 4 << 20;

    private const UnixFileMode Anything = FileModes.Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Less the execution, which is a script's alone.</summary>
    private const UnixFileMode Plain = FileModes.Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public FoundFile Find(string path)
    {
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at > 0; at = path.IndexOf('/', at + 1))
        {
            var folder = new DirectoryInfo(Full(path[..at]));
            if (folder.LinkTarget is not null)
                return FoundFile.Other($"{path[..at]} is a link");
            if (File.Exists(folder.FullName))
                return FoundFile.Other($"{path[..at]} is a file");
        }

        var file = new FileInfo(Full(path));
        if (file.LinkTarget is not null)
            return FoundFile.Other("it is a link");
        if (Directory.Exists(file.FullName))
            return FoundFile.Other("it is a folder");
        if (!file.Exists)
            return FoundFile.Missing;
        var bytes = UserFiles.ReadAll(user: null, file.FullName, LongestText);
        if (bytes.AsSpan().Contains((byte)0))
            return FoundFile.Other("it is not text");
        try
        {
            return FoundFile.Of(Utf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return FoundFile.Other("it is not UTF-8");
        }
    }

    /// <summary>Writes and deletes. What was done is undone when something of it fails.</summary>
    /// <param name="changes">For each path what is there and what is to be; null for nothing.</param>
    /// <exception cref="IOException">Something can't be done, or is not what it was any more.</exception>
    /// <exception cref="UnauthorizedAccessException">Something may not be done.</exception>
    public void Apply(IEnumerable<(string Path, string? Before, string? After)> changes)
    {
        var done = new Stack<(string Path, string? Before)>();
        var made = new Stack<string>();
        try
        {
            foreach (var (path, before, after) in changes)
            {
                if (Find(path) is var found && (found.Problem is not null || found.Text != before))
                    throw new IOException($"{path} was changed in the meantime.");
                MakeFolders(path, made);
                done.Push((path, before));
                Write(path, before, after);
            }
        }
        catch
        {
            foreach (var (path, before) in done)
                Write(path, Find(path).Text, before);
            foreach (var folder in made)
                Directory.Delete(folder);
            throw;
        }

        foreach (var folder in done.Where(file => Find(file.Path).Text is null).Select(file => Path.GetDirectoryName(file.Path)!))
            RemoveEmpty(folder);
    }

    private void Write(string path, string? before, string? after)
    {
        var full = Full(path);
        if (after is null)
        {
            File.Delete(full);
            return;
        }

        var isScript = new ProjectFile(path, after).IsExecutable;
        if (before is not null)
        {
            var mode = File.GetUnixFileMode(full) | (isScript ? FileModes.Executable : 0);
            AtomicFile.Write(full, Utf8.GetBytes(after), isDurable: false, mode);
            return;
        }

        using var file = new FileStream(full, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = isScript ? Anything : Plain,
            BufferSize = 0,
        });
        file.Write(Utf8.GetBytes(after));
    }

    private void MakeFolders(string path, Stack<string> made)
    {
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at > 0; at = path.IndexOf('/', at + 1))
        {
            var folder = Full(path[..at]);
            if (Directory.Exists(folder))
                continue;
            Directory.CreateDirectory(folder);
            made.Push(folder);
        }
    }

    /// <summary>The folder of a file that was deleted, when it holds nothing more.</summary>
    private void RemoveEmpty(string folder)
    {
        while (folder.Length > 0 && Directory.Exists(Full(folder)) && !Directory.EnumerateFileSystemEntries(Full(folder)).Any())
        {
            Directory.Delete(Full(folder));
            folder = Path.GetDirectoryName(folder)!;
        }
    }

    private string Full(string path) => Path.Combine(Root, path);
}
