using System.Runtime.Versioning;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Client;

/// <summary>A file that a verb makes in a folder that somebody has named, and writes over nothing of another content.</summary>
[SupportedOSPlatform("linux")]
internal static class PlacedFile
{
    /// <summary>Bytes; a longer file is not one of ours.</summary>
    private const int LongestFile = 1 << 20;

    /// <summary>Sees that nothing is in the way.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.FileExists"/>: another file is there;
    /// <see cref="ErrorCode.System"/>.</exception>
    public static void RequireFree(string path, string content)
    {
        try
        {
            if (File.Exists(path)
                && !UserFiles.ReadAll(user: null, path, LongestFile).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(content)))
            {
                throw new ServiceCtlException(ErrorCode.FileExists, path, $"{path} exists already, with other content. It was not changed.",
                    "Overwrite it with '--force'.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    /// <summary>Writes it, whole or not at all. Its folder is made if it is not there.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>.</exception>
    public static void Write(string path, string content, UnixFileMode mode)
    {
        try
        {
            NamedFile.MakeFolder(Path.GetDirectoryName(path)!);
            NamedFile.Replace(path, Encoding.UTF8.GetBytes(content), mode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    private static ServiceCtlException Unwritable(string path, Exception error) => new(
        ErrorCode.System, path, $"{path} can't be written: {error.Message}",
        "Check the folder and its permissions; those of the system need root.",
        error);
}
