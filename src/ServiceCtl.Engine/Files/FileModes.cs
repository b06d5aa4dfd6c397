namespace ServiceCtl.Engine.Files;

/// <summary>Who may do what with a file or a folder that ServiceCtl makes.</summary>
internal static class FileModes
{
    /// <summary>0600: a file of its owner's.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0700: a folder of its owner's.</summary>
    public const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;

    /// <summary>0644: a file that everyone can read.</summary>
    public const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755: a program that everyone can run, or a folder that everyone can enter.</summary>
    public const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
