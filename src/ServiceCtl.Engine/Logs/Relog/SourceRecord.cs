namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// How far a log was read, and how to know it again: by its inode while it lies there, by its content when it was copied or compressed.
/// </summary>
internal sealed record SourceRecord
{
    /// <summary>Bytes of content that identify a log; those of a shorter one say nothing.</summary>
    private const int ShortestProof = 32;

    private const int LongestHead = 1024;
    private const int LongestTail = 256;

    public required ulong Device { get; init; }

    public required ulong Inode { get; init; }

    /// <summary>Bytes on disk when it was read.</summary>
    public required long Size { get; init; }

    /// <summary>Where to go on, in bytes of its content.</summary>
    public required long Offset { get; init; }

    /// <summary>Of its first bytes, 1024 at most.</summary>
    public required string Head { get; init; }

    /// <summary>Of the bytes before <see cref="Offset"/>, 256 at most.</summary>
    public required string Tail { get; init; }

    /// <summary>When it was last there.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <returns>Null when nothing of it was read.</returns>
    internal static SourceRecord? Of(SourceFile file, long offset, DateTimeOffset now)
    {
        // What is compressed never changes, and would have to be read once more.
        string? head = file.IsCompressed ? "" : file.Hash(0, HeadLength(offset));
        string? tail = file.IsCompressed ? "" : file.Hash(offset - TailLength(offset), TailLength(offset));
        return offset == 0 || head is null || tail is null
            ? null
            : new SourceRecord
            {
                Device = file.Identity.Device,
                Inode = file.Identity.Inode,
                Size = file.Size,
                Offset = offset,
                Head = head,
                Tail = tail,
                Seen = now,
            };
    }

    internal bool IsAt(SourceFile file) => file.Identity.Device == Device && file.Identity.Inode == Inode;

    /// <summary>Whether the file begins with what was read.</summary>
    internal bool IsContentOf(SourceFile file)
    {
        if (Head.Length == 0)
            return file.IsCompressed && IsAt(file) && file.Size == Size;
        if (!file.IsCompressed && file.Size < Offset)
            return false;
        return (IsAt(file) || Offset >= ShortestProof) && file.Hash(0, HeadLength(Offset)) == Head
            && file.Hash(Offset - TailLength(Offset), TailLength(Offset)) == Tail;
    }

    private static int HeadLength(long offset) => (int)Math.Min(offset, LongestHead);

    private static int TailLength(long offset) => (int)Math.Min(offset, LongestTail);
}
