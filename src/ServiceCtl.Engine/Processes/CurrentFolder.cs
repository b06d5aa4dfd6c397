using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// The folder that this process works in, by the name that its user went there by: a shell keeps that in <c>PWD</c>, links and all, while
/// getcwd(2) only knows where they led. A folder may have been deleted since.
/// </summary>
public static class CurrentFolder
{
    /// <returns>Null when it was deleted.</returns>
    public static string? TryGet() => ByName() ?? Physical();

    /// <summary>The absolute path of what was written.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: it is relative, and the current folder was
    /// deleted.</exception>
    public static string Resolve(string path)
    {
        if (Path.IsPathRooted(path))
            return Trimmed(Path.GetFullPath(path));
        var meant = FileFacts.TryOf(path)?.Identity;
        // By text, `..` leads back the way that was come by; for the kernel, and so for every other program, it is the folder above.
        if (ByName() is { } named && Trimmed(Path.GetFullPath(path, named)) is var kept && FileFacts.TryOf(kept)?.Identity == meant
            && (meant is not null || !path.Contains("..")))
            return kept;
        return Physical() is { } folder
            ? Trimmed(Path.GetFullPath(path, folder)) : throw Gone($"`{path}` leads nowhere, because the current folder was deleted.");
    }

    /// <summary>As <c>pwd -L</c> of POSIX: believed only if it leads here.</summary>
    private static string? ByName() =>
        Environment.GetEnvironmentVariable("PWD") is { } named && Path.IsPathRooted(named) && Path.GetFullPath(named) is var full
            && full == Trimmed(named)
        && FileFacts.TryOf(full)?.Identity is { } there && there == FileFacts.TryOf(".")?.Identity
            ? full
            : null;

    private static string? Physical()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Trimmed(string path) => Path.TrimEndingDirectorySeparator(path);

    private static ServiceCtlException Gone(string message) =>
        new(ErrorCode.InvalidState, target: null, message,
            "Go to another one ('cd /', or 'cd \"$PWD\"' if it was made again), or name services and give absolute paths.");
}
