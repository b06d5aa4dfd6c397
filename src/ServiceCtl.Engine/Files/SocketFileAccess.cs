namespace ServiceCtl.Engine.Files;

/// <summary>Who makes a Unix socket's file, whose it becomes, and who may connect.</summary>
/// <param name="Mode">Writing is connecting.</param>
/// <param name="Maker">By name or number; null: this process's own user.</param>
/// <param name="Owner">Null: who makes it.</param>
/// <param name="Group">Null: what the kernel gives it, the maker's or the folder's.</param>
public sealed record SocketFileAccess(UnixFileMode Mode, string? Maker = null, string? Owner = null, string? Group = null)
{
    /// <summary>What the usual umask leaves: its owner connects, and root.</summary>
    public const UnixFileMode Usual = (UnixFileMode)0b111_101_101;
}
