namespace ServiceCtl.Engine.Configuration.Text;

/// <summary>
/// What a configuration may be at most. No honest one comes near; a hostile one ends here, in bounded memory and time.
/// </summary>
public static class ConfigurationLimits
{
    /// <summary>Size of one file, in bytes.</summary>
    public const int FileBytes = 10 * 1024 * 1024;

    /// <summary>Levels of nesting, counted after aliases are followed.</summary>
    public const int Depth = 64;

    /// <summary>Values of one file, counted after aliases are followed: the "billion laughs" end here.</summary>
    public const int Nodes = 200_000;

    /// <summary>Characters that all <c>!join</c> of one file may produce together.</summary>
    public const int JoinedCharacters = 1024 * 1024;
}
