using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>What statx tells of a file, as far as logs need it: which one it is, whatever its name, and how long and old.</summary>
internal readonly record struct FileFacts
{
    private const int Size = 256;
    private const int FileType = 0xF000;   // S_IFMT
    private const int SocketFile = 0xC000; // S_IFSOCK
    private const int Folder = 0x4000;     // S_IFDIR
    private const int Link = 0xA000;       // S_IFLNK
    private const int Regular = 0x8000;    // S_IFREG

    // A year from both ends, so that something may be added.
    private static readonly long Earliest = DateTimeOffset.MinValue.AddYears(1).ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.AddYears(-1).ToUnixTimeSeconds();

    private static readonly nint CallNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 332 : 291;

    internal required FileIdentity Identity { get; init; }

    /// <summary>Names it has: 0 when it was deleted and is only held open.</summary>
    internal required uint Links { get; init; }

    /// <summary>Type and permissions, as stat(2) packs them.</summary>
    internal required ushort Mode { get; init; }

    internal bool IsSocket => (Mode & FileType) == SocketFile;

    internal bool IsFolder => (Mode & FileType) == Folder;

    internal bool IsLink => (Mode & FileType) == Link;

    internal bool IsRegular => (Mode & FileType) == Regular;

    internal required long Length { get; init; }

    internal required uint Owner { get; init; }

    internal required uint Group { get; init; }

    /// <summary>When the file was made; on file systems that don't keep it, when it was last written.</summary>
    internal required DateTimeOffset Created { get; init; }

    internal required DateTimeOffset Written { get; init; }

    internal static unsafe FileFacts Of(SafeHandle file)
    {
        byte* facts = stackalloc byte[Size];
        if (Libc.StatX(CallNumber, file, "", LinuxConstants.EmptyPath, LinuxConstants.BasicFacts | LinuxConstants.BirthTime, facts) != 0)
            throw SystemError.Last("read the length of an open file");
        return Parse(facts);
    }

    /// <returns>Null when there is no such file, or none that may be seen.</returns>
    internal static unsafe FileFacts? TryOf(string path)
    {
        byte* facts = stackalloc byte[Size];
        return Libc.StatX(CallNumber, LinuxConstants.CurrentDirectory, path, 0,
            LinuxConstants.BasicFacts | LinuxConstants.BirthTime, facts) == 0
            ? Parse(facts)
            : null;
    }

    /// <summary>When it was last written; the beginning of time where there is nothing.</summary>
    internal static DateTimeOffset TimeOf(string path) => TryOf(path)?.Written ?? DateTimeOffset.MinValue;

    /// <summary>The same, and of a link, the link itself.</summary>
    internal static unsafe FileFacts? TryOfLink(string path)
    {
        byte* facts = stackalloc byte[Size];
        return Libc.StatX(CallNumber, LinuxConstants.CurrentDirectory, path, LinuxConstants.LinkItself,
            LinuxConstants.BasicFacts | LinuxConstants.BirthTime, facts) == 0
            ? Parse(facts)
            : null;
    }

    /// <summary>The same in a folder; of a link, the link itself.</summary>
    internal static unsafe FileFacts? TryOf(SafeHandle folder, string name)
    {
        byte* facts = stackalloc byte[Size];
        return Libc.StatX(CallNumber, folder, name, LinuxConstants.LinkItself,
            LinuxConstants.BasicFacts | LinuxConstants.BirthTime, facts) == 0
            ? Parse(facts)
            : null;
    }

    // struct statx: include/uapi/linux/stat.h
    private static unsafe FileFacts Parse(byte* facts)
    {
        DateTimeOffset written = Time(facts + 112);
        bool hasBirth = (*(uint*)facts & LinuxConstants.BirthTime) != 0;
        return new FileFacts
        {
            Identity = new FileIdentity(((ulong)*(uint*)(facts + 136) << 32) | *(uint*)(facts + 140), *(ulong*)(facts + 32)),
            Links = *(uint*)(facts + 16),
            Mode = *(ushort*)(facts + 28),
            Length = *(long*)(facts + 40),
            Owner = *(uint*)(facts + 20),
            Group = *(uint*)(facts + 24),
            Created = hasBirth ? Time(facts + 80) : written,
            Written = written,
        };
    }

    /// <summary>Whoever owns a file gives it any time that 64 bits hold, and .NET knows the years from 1 to 9999.</summary>
    private static unsafe DateTimeOffset Time(byte* at) => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(*(long*)at, Earliest, Latest))
        .AddTicks(*(uint*)(at + 8) / TimeSpan.NanosecondsPerTick);
}
